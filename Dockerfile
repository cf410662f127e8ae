# The image of every Airflow part in docker-compose.yml. Not root; the wheel holds the package and the expectations.
FROM python:3.11-slim

RUN useradd --uid 50000 --create-home airflow \
 && mkdir -p /app /srv/warehouse /srv/logs /opt/airflow \
 && chown airflow /srv/warehouse /srv/logs /opt/airflow
WORKDIR /app

COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock \
 && pip install --no-cache-dir "apache-airflow==3.3.2" "apache-airflow-providers-celery==3.26.0" "apache-airflow-providers-fab==3.10.2" \
      "celery[redis]<5.7" psycopg2-binary

COPY pyproject.toml README.md company.yml ./
COPY dags dags
COPY dbt_project dbt_project
COPY expectations expectations
COPY plugins plugins
RUN pip install --no-cache-dir --no-deps --editable .

USER airflow
ENV PYTHONUNBUFFERED=1
