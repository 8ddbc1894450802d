# One image for every process; docker-compose.yml says which command each container runs.
# The servers out of the wheels come along with the lock but are not started where DATABASE_URL and REDIS_URL are set.
FROM python:3.11-slim-bookworm

ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/app/.venv/bin:$PATH

WORKDIR /app

# What is installed changes with the locks alone, so these layers stay when the code changes.
COPY bootstrap.py requirements-uv.lock requirements.lock ./
RUN PIP_NO_CACHE_DIR=1 UV_NO_CACHE=1 python3 bootstrap.py sync

COPY pyproject.toml LICENSE ./
COPY config config
COPY migrations migrations
COPY workers workers
COPY ledger ledger
RUN python -m compileall -q -j 0 .venv/lib config migrations workers ledger \
 && useradd --system --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin ledger \
 && install --directory --mode 0700 --owner 10001 --group 10001 /log-store

# The code belongs to root and is read-only to the account that runs it.
USER 10001:10001
EXPOSE 8000
CMD ["ledger", "--help"]
