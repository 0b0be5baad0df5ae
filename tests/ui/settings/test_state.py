"""The settings page: a new token's text reaches the browser once and stays nowhere else."""

from nsaas_app.identity.tokens import TOKEN_PREFIX
from nsaas_app.ui.requests.state import RequestsState
from nsaas_app.ui.settings.state import SettingsState
from tests.ui.conftest import OpenTab
from tests.ui.tabs import Pages


async def test_the_server_forgets_a_new_tokens_text_once_it_is_sent(
    pages: Pages, open_tab: OpenTab
) -> None:
    cookie = pages.sign_in("frontend-dev")
    tab = await open_tab("/settings?tab=tokens", cookie=cookie)
    await tab.until(lambda: tab.of(SettingsState).get("is_loaded"), "the page loads")
    await tab.call(SettingsState, "edit", field="name", text="deploy robot")
    await tab.call(SettingsState, "create")
    await tab.until(lambda: tab.of(SettingsState).get("made"), "the text arrives")
    text = tab.of(SettingsState)["made"]
    assert text.startswith(TOKEN_PREFIX)
    await tab.until(lambda: not tab.of(SettingsState)["is_busy"], "the handler ends")
    assert tab.of(SettingsState)["made"] == text, "the browser keeps it"
    await tab.close()

    # The same browser tab comes back: everything that the server holds for it is sent anew.
    again = await open_tab("/requests", cookie=cookie, token=tab.token)
    await again.until(lambda: again.of(RequestsState).get("is_loaded"), "the page loads")
    assert again.of(SettingsState)["made_name"] == "deploy robot", "it is the same state"
    assert again.of(SettingsState)["made"] == ""
    assert text not in str(again.vars)


async def test_who_comes_back_to_the_page_sees_no_token_made_before(open_tab: OpenTab) -> None:
    tab = await open_tab("/settings?tab=tokens", "frontend-dev")
    await tab.until(lambda: tab.of(SettingsState).get("is_loaded"), "the page loads")
    await tab.call(SettingsState, "edit", field="name", text="early robot")
    await tab.call(SettingsState, "create")
    await tab.until(lambda: tab.of(SettingsState).get("made"), "the text arrives")
    await tab.until(lambda: not tab.of(SettingsState)["is_busy"], "the handler ends")
    await tab.go("/requests")
    await tab.until(lambda: tab.of(RequestsState).get("is_loaded"), "another page")
    assert tab.of(SettingsState)["made"], "nobody looks at it there"

    await tab.go("/settings?tab=tokens")

    await tab.until(lambda: not tab.of(SettingsState)["made"], "it is gone")
    assert tab.of(SettingsState)["made_name"] == ""
