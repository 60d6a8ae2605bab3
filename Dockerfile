# photoscan with its models inside: scanning needs no network, no root and no writable file system.
#   docker run --rm --network none --read-only -v "$PWD:/photos:ro" photoscan scan /photos

FROM python:3.12-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /src
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/photoscan \
    && /opt/photoscan/bin/pip install --quiet --require-hashes --requirement requirements/runtime.txt \
    && pip install --quiet --require-hashes --requirement requirements/build.txt
COPY . .
# The models are prepared in this stage, and the wheel that is built next carries them.
RUN PYTHONPATH=/src /opt/photoscan/bin/python -c "from photoscan.cli import main; main()" models install \
    && pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /dist . \
    && /opt/photoscan/bin/pip install --quiet --no-deps /dist/*.whl \
    && /opt/photoscan/bin/photoscan models verify

FROM python:3.12-slim
# For --ocr-languages: Jawi and Arabic, Tamil, Thai. The newest that Debian has signed: it keeps no older ones to pin.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends tesseract-ocr tesseract-ocr-ara tesseract-ocr-tam tesseract-ocr-tha \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/photoscan /opt/photoscan
ENV PATH=/opt/photoscan/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /photos
HEALTHCHECK --interval=1m --timeout=30s --start-period=30s \
    CMD ["python", "-m", "photoscan.service.health"]
ENTRYPOINT ["photoscan"]
CMD ["--help"]
