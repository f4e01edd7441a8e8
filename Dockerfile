# SQL in the browser: its query engine, packed.
FROM node:22-bookworm-slim AS explore
WORKDIR /explore
COPY explore/ ./
RUN npm ci --silent && npm run --silent build

# One image for every component: the project with its pinned requirements.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 10001 pcm && \
    install -d -o pcm -g pcm /var/lib/pcm /opt/airflow /opt/airflow/logs /opt/airflow/passwords
# Pango draws the text of PDF receipts.
RUN apt-get update && apt-get install --yes --no-install-recommends libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/pcm

COPY requirements/lock.txt requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/lock.txt

COPY . .
COPY --from=explore /explore/built explore/built
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable . && \
    python -c "from ingestion.warehouse.dbt import read_ahead; read_ahead()"

USER pcm
ENV PCM_HOME=/var/lib/pcm AIRFLOW_HOME=/opt/airflow
