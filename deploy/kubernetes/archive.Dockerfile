# photoscan's image with what an archive in the cloud needs: Amazon's stores, tables, and Ray for archive-rayjob.yaml.
#   docker build --tag photoscan .                                                    (in the repository)
#   docker build --tag photoscan-archive --file deploy/kubernetes/archive.Dockerfile .
# Add gcsfs or adlfs for the stores of Google and Microsoft. The version of Ray is the one that is tested.

FROM photoscan
USER 0
RUN /opt/photoscan/bin/pip install --no-cache-dir "fsspec>=2024.6" s3fs "pyarrow>=17.0" "ray[default]==2.60.0" \
    # KubeRay starts Ray in a login shell, which has a search path of its own, and asks for its health with wget.
    && ln -s /opt/photoscan/bin/ray /opt/photoscan/bin/photoscan /usr/local/bin/ \
    && apt-get update && apt-get install --yes --no-install-recommends wget && rm -rf /var/lib/apt/lists/*
# Nothing is told to Ray's makers. A cluster would tell even that it tells nothing: to nobody, by this address.
ENV RAY_USAGE_STATS_ENABLED=0 RAY_USAGE_STATS_REPORT_URL=http://127.0.0.1:9/
USER 10001:10001
