#!/usr/bin/env bash
# Builds @tensorflow/tfjs-node where its own library cannot be downloaded, from the wheel of TensorFlow on PyPI:
#   training/tensorflow/build-native.sh [WHEEL]      WHEEL: tensorflow_cpu-2.14.1-cp311-…whl, else pip downloads it.
# Linux on x86-64, after npm ci. No Python runs, the wheel is only unpacked; pip is needed where no WHEEL is given, and
# make, g++ and Node's headers are (npm_config_nodedir=/usr where node-gyp cannot download them). 200 MB are downloaded,
# 800 MB stay in node_modules. Where it fails nothing is left of tfjs-node, and training goes on by WebAssembly.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=2.14.1
package=node_modules/@tensorflow/tfjs-node
work=$(mktemp -d)
finished=
trap 'rm -rf "$work"; [ -n "$finished" ] || rm -rf "$package"' EXIT

[ "$(uname -sm)" = 'Linux x86_64' ] || { echo "build-native.sh: got $(uname -sm), want Linux x86_64" >&2; exit 1; }

wheel=${1:-}
if [ -z "$wheel" ]; then
  pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
    --platform manylinux2014_x86_64 --dest "$work" "tensorflow-cpu==$version"
  wheel=$(echo "$work"/*.whl)
fi
[ -f "$wheel" ] || { echo "build-native.sh: $wheel is no file; want a wheel of tensorflow-cpu $version" >&2; exit 1; }

# npm ci left the optional package out when its download failed; --ignore-scripts puts its files there, and no more.
rm -rf "$package"
npm install --no-save --ignore-scripts --no-audit --no-fund --silent

if command -v unzip >/dev/null; then unpack=(unzip -q) into=-d; else unpack=(python3 -m zipfile -e) into=; fi
"${unpack[@]}" "$wheel" $into "$work/wheel"
tensorflow=$work/wheel/tensorflow
lib=$package/deps/lib
mkdir -p "$lib"
mv "$tensorflow/include" "$package/deps/include"
mv "$tensorflow/libtensorflow_cc.so.2" "$tensorflow/libtensorflow_framework.so.2" "$lib/"
# The names by which the linker and the install script of tfjs-node ask for them.
ln -s libtensorflow_cc.so.2 "$lib/libtensorflow.so"
ln -s libtensorflow_cc.so.2 "$lib/libtensorflow.so.2.9.1"
ln -s libtensorflow_framework.so.2 "$lib/libtensorflow_framework.so"

npm rebuild @tensorflow/tfjs-node --silent
node --input-type=module -e "
  // As training/tensorflow/backend.ts does: Node 23 took these out of util.
  import util from 'node:util'
  util.isNullOrUndefined ??= (value) => value == null
  util.isArray ??= Array.isArray
  const { default: tf } = await import('@tensorflow/tfjs-node')
  const [sum] = tf.matMul(tf.ones([1, 3]), tf.ones([3, 1])).dataSync()
  if (tf.getBackend() !== 'tensorflow' || sum !== 3) throw new Error(\`\${tf.getBackend()}: 1·1 + 1·1 + 1·1 = \${sum}\`)
  console.log(\`tfjs-node runs on libtensorflow \${tf.version.tfjs === undefined ? '' : tf.backend().binding.TF_Version}\`)
"
finished=yes
