# One image: the web process, the workers (`python -m jobs`) and the commands (`python -m models …`).
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv /portail/venv
RUN /portail/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /portail --shell /usr/sbin/nologin portail
RUN install -d -o portail -g portail -m 700 /portail/var
WORKDIR /portail
COPY --from=packages /portail/venv venv
COPY LICENSE .
COPY static static
COPY pwa pwa
COPY models models
COPY jobs jobs
COPY web web
ENV PATH=/portail/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV PORTAIL_DATA_DIR=/portail/var
USER portail
VOLUME /portail/var
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/sante', timeout=4)"]
CMD ["python", "-m", "web", "--host", "0.0.0.0"]
