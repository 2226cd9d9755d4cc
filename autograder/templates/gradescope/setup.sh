#!/usr/bin/env bash
# Builds the image: choose a base image with Python 3.11 or newer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3 python3-venv
bash install-system.sh
python3 -m venv .venv
.venv/bin/python -m pip install --quiet ".[course,colab]"
