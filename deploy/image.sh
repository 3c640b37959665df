#!/usr/bin/env bash
# Builds the container image of the tree in FOLDER: deploy/image.sh FOLDER TAG. BASE names the base image, PYTHON the Python whose pip fetches.
# The wheels are fetched out here, so that it works with whatever index, proxy or certificates pip has been set up with, and none gets in.
set -euo pipefail
folder=$1
tag=$2
base=${BASE:-python:3.11-slim-bookworm}
python=${PYTHON:-python3}
cd "$folder"

fail() { printf 'error: %s\nhint: %s\n' "$1" "$2" >&2; exit 1; }
command -v docker >/dev/null || fail "there is no docker on this machine" "on Debian and Ubuntu: apt-get install docker.io"
machine=$(docker version --format '{{.Server.Arch}}') || fail "no Docker Engine answers" "start it, or name it: DOCKER_HOST"
case $machine in amd64) machine=x86_64 ;; arm64) machine=aarch64 ;; esac

PYTHON=$python bash deploy/fetch-wheels.sh "$machine"

version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
docker build --quiet --network host --file deploy/Dockerfile --tag "$tag" --build-arg "BASE=$base" --build-arg PIP_NO_INDEX=1 \
  --build-arg "VERSION=$version" --build-arg "REVISION=${REVISION:-$revision}" . >/dev/null ||
  fail "the image could not be built" "what docker said stands above"
docker image inspect --format "$tag is {{.Size}} bytes large" "$tag"
