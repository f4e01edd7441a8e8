# One image for every Airflow component: the project with its pinned requirements.
FROM python:3.11-slim-bookworm

RUN useradd --create-home --uid 10001 pcm && \
    install -d -o pcm -g pcm /var/lib/pcm /opt/airflow /opt/airflow/logs /opt/airflow/passwords
WORKDIR /opt/pcm

COPY requirements/lock.txt requirements/
RUN pip install --no-cache-dir --no-deps --require-hashes -r requirements/lock.txt

COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation --editable .

USER pcm
ENV PCM_HOME=/var/lib/pcm AIRFLOW_HOME=/opt/airflow
