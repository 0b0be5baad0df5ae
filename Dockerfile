# The portal: one process, one port, no root, nothing written outside /tmp and /var/lib/nsaas.
# Base images are pinned by tag; whoever publishes an image pins the digest it was built from.

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src

# First what changes seldom: the packages, byte for byte those of the lock file.
COPY requirements-runtime.lock ./
RUN python -m venv /opt/nsaas \
    && /opt/nsaas/bin/pip install --no-deps --require-hashes -r requirements-runtime.lock
COPY toolchain toolchain
RUN pip install --no-deps --require-hashes -r toolchain/build.lock

COPY pyproject.toml README.md LICENSE rxconfig.py ./
COPY reflex.lock reflex.lock
COPY assets assets
COPY nsaas_app nsaas_app
# What the status compares the cluster with.
COPY apps/portal apps/portal
# Node.js, npm and bun come, pinned, from their package registries and stay in this stage.
RUN mkdir /app \
    && cp -R "$(/opt/nsaas/bin/python -m nsaas_app.cli.frontend)" /app/.web \
    && cp rxconfig.py /app/ \
    && cp -R --parents apps/portal /app/ \
    && pip wheel --no-deps --no-build-isolation --no-index --wheel-dir dist . \
    && /opt/nsaas/bin/pip install --no-deps --no-index dist/*.whl \
    && /opt/nsaas/bin/pip uninstall --yes setuptools pip

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="nsaas" \
      org.opencontainers.image.description="Namespace-as-a-Service portal for Kubernetes" \
      org.opencontainers.image.licenses="Apache-2.0"

# The program needs no package manager; whoever breaks in shall not find one.
RUN python -m pip uninstall --yes --root-user-action=ignore setuptools wheel pip \
    && useradd --uid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin nsaas \
    && install --directory --owner 10001 --group 10001 /var/lib/nsaas

COPY --from=build /opt/nsaas /opt/nsaas
COPY --from=build /app /app

ENV PATH=/opt/nsaas/bin:/usr/local/bin:/usr/bin:/bin \
    HOME=/tmp \
    NSAAS_HOME=/var/lib/nsaas \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["nsaas", "serve", "--host", "0.0.0.0", "--port", "8000"]
