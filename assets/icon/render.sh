#!/usr/bin/env bash
# Renders the icon's sizes beside its source. Debian: librsvg2-bin, imagemagick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
sizes=(16 32 48 64 128 256 512)
for size in "${sizes[@]}"; do
  rsvg-convert --width "$size" --height "$size" socketlab.svg --output "socketlab-$size.png"
done
convert socketlab-{16,32,48,64,128,256}.png socketlab.ico
