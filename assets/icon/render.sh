#!/usr/bin/env bash
# Renders the icon's and the name plates' sizes beside their sources. Debian: librsvg2-bin, imagemagick.
# The name plates themselves are written by nameplate.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
sizes=(16 32 48 64 128 256 512)
for size in "${sizes[@]}"; do
  rsvg-convert --width "$size" --height "$size" socketlab.svg --output "socketlab-$size.png"
done
convert socketlab-{16,32,48,64,128,256}.png socketlab.ico
for ground in dark light; do
  rsvg-convert --height 128 "nameplate-$ground.svg" --output "nameplate-$ground-128.png"
  rsvg-convert --height 256 "nameplate-$ground.svg" --output "nameplate-$ground-256.png"
done
