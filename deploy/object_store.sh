#!/bin/sh
# Serve object storage: `object_store.sh CREDENTIALS FOLDER [OPTIONS OF SEAWEEDFS]`. Who may use the bucket stands in the
# file that the observatory reads, too. Only the S3 interface asks for keys: the rest listens to this container alone.
set -eu
credentials=$1 folder=$2
shift 2

key() { sed -n "s/^ *$1 *= *//p" "$credentials"; }

if [ -z "$(key aws_access_key_id)" ] || [ -z "$(key aws_secret_access_key)" ]; then
	echo "There are no keys in $credentials: remove the file and run \`make secrets\`, or write your own." >&2
	exit 1
fi
identities=$(mktemp)
cat >"$identities" <<JSON
{"identities": [{
  "name": "pcm",
  "credentials": [{"accessKey": "$(key aws_access_key_id)", "secretKey": "$(key aws_secret_access_key)"}],
  "actions": ["Admin:observatory"]
}]}
JSON
exec weed -logtostderr=true server -dir="$folder" -volume.max=0 -master.volumeSizeLimitMB=1024 -volume.preStopSeconds=1 \
	-ip=127.0.0.1 -ip.bind=127.0.0.1 -master.telemetry=false \
	-s3 -s3.ip.bind=0.0.0.0 -s3.config="$identities" -s3.iam=false -s3.port.iceberg=0 -s3.port.lance=0 \
	-s3.allowDeleteBucketNotEmpty=false "$@"
