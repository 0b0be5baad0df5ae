"""What a page owes everybody, looked at inside the browser: marks, times, words, width, calm."""

from typing import Any, Final

from playwright.sync_api import Page

__all__ = [
    "bare_words",
    "count_shifts",
    "moving",
    "needed_width",
    "shifts",
    "small",
    "tab_through",
    "unmarked",
    "untimed",
]

_UNMARKED: Final = """() => {
  const may = "a[href], button, input:not([type=hidden]), select, textarea, summary, "
    + "[role=button], [role=link], [role=checkbox], [role=radio], [role=switch], [role=tab], "
    + "[role=menuitem], [role=option], [role=combobox], [tabindex='0']";
  const apart = "[aria-hidden=true], [inert], [data-radix-focus-guard]";
  const shown = e => e.checkVisibility() && !e.closest(apart);
  return [...document.querySelectorAll(may)]
    .filter(e => shown(e) && !e.dataset.testid)
    .map(e => e.outerHTML.slice(0, 160));
}"""

_UNTIMED: Final = r"""() => {
  const months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
  const says = new RegExp(
    "\\b(\\d+|an?) (second|minute|hour|day|week|month|year)s? ago\\b"
    + `|\\b\\d{1,2} (${months}) \\d{4}, \\d{1,2}:\\d{2}`);
  const machines = "time[datetime], [data-as-of], [data-value], pre, code, svg, script";
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (says.test(node.data) && holder.checkVisibility() && !holder.closest(machines))
      found.push(node.data.trim().slice(0, 120));
  }
  return found;
}"""

_BARE_WORDS: Final = """() => {
  const wrong = new RegExp("(?<![-\\\\w])tenants?(?![-\\\\w])|\\\\boops\\\\b|something went wrong"
    + "|are you sure|\\\\d (mins|secs|hrs)\\\\b", "i");
  const said = document.body.innerText.split("\\n").filter(line => wrong.test(line));
  const bare = /^\\s*[\\d.,]+\\s*%\\s*$/;
  const bars = [...document.querySelectorAll("[role=meter], [role=progressbar]")]
    .filter(e => bare.test(e.getAttribute("aria-valuetext") ?? "0 %") || bare.test(e.innerText))
    .map(e => `a bar that says a percentage of nothing: ${e.outerHTML.slice(0, 160)}`);
  return [...said, ...bars];
}"""

_SMALL: Final = """() => [...document.querySelectorAll("button, select, summary, input")]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1)
  .filter(e => {
    // A mark may be small where the place around it that takes the finger is not.
    const [own, around] = [e.getBoundingClientRect(), getComputedStyle(e, "::after")];
    return Math.max(own.height, parseFloat(around.height) || 0) < 44;
  })
  .map(e => e.outerHTML.slice(0, 160))"""

_COUNT_SHIFTS: Final = """
  window.shifted = [];
  new PerformanceObserver(list => {
    for (const {hadRecentInput, value, sources} of list.getEntries()) {
      if (hadRecentInput) continue;
      const who = ({node}) => node?.outerHTML?.slice(0, 80) ?? node?.nodeName;
      window.shifted.push({value, what: sources.map(who).join(" ")});
    }
  }).observe({type: "layout-shift", buffered: true});
"""

_NOTE_FOCUS: Final = """() => {
  if (window.focused) return void (window.focused.length = 0);
  window.focused = [];
  document.addEventListener("focusin", ({target}) => {
    // A group hands the focus on at once to the one of its members that is chosen.
    queueMicrotask(() => document.activeElement === target && note(target));
  });
  const note = target => {
    const zones = {skip: ".skip", side: "aside", head: "header", foot: "footer", main: "main"};
    const zone = Object.keys(zones).find(name => target.closest(zones[name])) ?? "else";
    const looks = [target, target.parentElement].map(each => getComputedStyle(each));
    const is_seen = looks.some(look =>
      (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2)
      || look.boxShadow !== "none");
    window.focused.push({
      zone, is_seen, mark: target.dataset.testid ?? target.id ?? "",
      text: target.outerHTML.slice(0, 120)});
  };
}"""

_AT_A_TIME: Final = 10
_MOST_STOPS: Final = 200


def unmarked(page: Page) -> list[str]:
    """Elements that can be used and have no test id."""
    return _listed(page, _UNMARKED)


def untimed(page: Page) -> list[str]:
    """Texts that tell a moment which no machine can read there."""
    return _listed(page, _UNTIMED)


def bare_words(page: Page) -> list[str]:
    """Words that are never said, and bars that tell a percentage alone."""
    return _listed(page, _BARE_WORDS)


def small(page: Page) -> list[str]:
    """What a finger has to hit and is lower than a finger is broad."""
    return _listed(page, _SMALL)


def moving(page: Page) -> int:
    """How many animations run."""
    running = "document.getAnimations().filter(each => each.playState === 'running').length"
    return int(page.evaluate(running))


def needed_width(page: Page, width: int) -> int:
    """How wide the page is in a window of this width: no wider than that when it fits."""
    page.set_viewport_size({"width": width, "height": 900})
    return int(page.evaluate("document.documentElement.scrollWidth"))


def count_shifts(page: Page) -> None:
    """From the next load on, add up what moved without anybody's doing."""
    page.add_init_script(_COUNT_SHIFTS)


def shifts(page: Page) -> tuple[float, str]:
    """The cumulative layout shift of the page since it was loaded, and what moved furthest."""
    moved = sorted(page.evaluate("window.shifted"), key=lambda each: -float(each["value"]))
    return sum(float(each["value"]) for each in moved), moved[0]["what"] if moved else ""


def tab_through(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top until the focus comes round or leaves; tell each stop in order.

    A stop has its `zone` of the frame, its `mark`, and whether the focus `is_seen` there.
    """
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges()")
    page.evaluate(_NOTE_FOCUS)
    stops: list[dict[str, Any]] = []
    while len(stops) < _MOST_STOPS:
        before = len(stops)
        for _ in range(_AT_A_TIME):
            page.keyboard.press("Tab")
        stops = page.evaluate("window.focused")
        again = [at for at, stop in enumerate(stops) if stop["zone"] == "skip"][1:]
        if again:
            return stops[: again[0]]
        if len(stops) < before + _AT_A_TIME and page.evaluate(
            "document.activeElement === document.body"
        ):
            return stops
    return stops


def _listed(page: Page, script: str) -> list[str]:
    found: list[Any] = page.evaluate(script)
    return [str(line) for line in found]
