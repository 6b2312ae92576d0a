# Puts the Node that this project runs on first on PATH. Sourced with bash from the project's own directory.

# The Node that is brought when PATH has none that fits: an npm package that holds bin/ and include/, pinned by hash.
PINNED_NODE=24.21.0
PINNED_NODE_SHA512_x64=de750bb336795f47dc898a46d2de93add029273027f3e16520d3fa3a2317ed5f07aefa404cf37ddfa5352e545e389ae22d16b87bcc84a900580a72f23cd02ced
PINNED_NODE_SHA512_arm64=1692513c4cf63afbd32df8c83a5346158f492cf30a825e66f9de2819804b836e242759a6bcdd5997f1cf2601781c3689e752127afd65d5c459fc333e91e5d6e6

# Name of this processor in Node's words; fails on one that we have no Node for.
processor() {
  case $(uname -m) in
    x86_64 | amd64) echo x64 ;;
    aarch64 | arm64) echo arm64 ;;
    *) return 1 ;;
  esac
}

# True when the Node at $1 runs TypeScript as it is (from 22.18 on) and has the disposables that the code rests on
# (from 24 on).
node_fits() {
  "$1" -e 'const [major, minor] = process.versions.node.split(".").map(Number);
    const runsTypeScript = major > 22 || (major === 22 && minor >= 18);
    process.exit(runsTypeScript && typeof DisposableStack === "function" ? 0 : 1)' >/dev/null 2>&1
}

# Prefers a Node from PATH, then the one in .runtime/. Fails when there is neither.
use_node() {
  local found brought
  found=$(command -v node || true)
  if [ -n "$found" ] && node_fits "$found"; then
    return 0
  fi
  brought=$PWD/.runtime/node_modules/node-linux-$(processor)/bin || return 1
  node_fits "$brought/node" || return 1
  PATH=$brought:$PATH
}
