# One image for every process: web, worker, sweep and the release command differ by their command alone.

FROM python:3.13-slim-trixie AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
# gcc: the shim of libgfortran.so.4; the rest: what is copied into the folder of legacy libraries.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends gcc libc6-dev libgfortran5 libblas3 liblapack3 libquadmath0 libgomp1 \
 && rm -rf /var/lib/apt/lists/*
COPY requirements/base.txt requirements/base.txt
RUN python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements/base.txt
COPY . .
RUN .venv/bin/python -m simulations.fmi.libraries.assemble /app/libraries
RUN SECRET_KEY=build STATIC_ROOT=/app/staticfiles DATA_DIR=/tmp/build .venv/bin/python manage.py collectstatic --noinput

FROM python:3.13-slim-trixie
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 \
    DATA_DIR=/data STATIC_ROOT=/app/staticfiles FMU_LIBRARIES_DIR=/app/libraries
# bubblewrap and libseccomp: the cage. The compilers: FMUs that bring sources only. libgfortran to libgomp: FMUs of the
# last ten years. postgresql-client: `manage.py backup` and `restore`. tini: see below.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends \
      bubblewrap libseccomp2 gcc g++ libc6-dev libgfortran5 libblas3 liblapack3 libquadmath0 libgomp1 \
      postgresql-client tini \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 1000 --create-home gateway \
 && install -d -o gateway -g gateway /data
COPY --from=build /app /app
WORKDIR /app
USER 1000
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
# Alive, not ready: a web machine must not be restarted because a worker is missing.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
# Each cage that ends leaves a process to whoever is process 1; a worker there would keep it as a zombie.
ENTRYPOINT ["tini", "-s", "--"]
CMD ["gunicorn", "-c", "python:fmugateway.gunicorn_config", "fmugateway.wsgi"]
