# Sourced by the scripts beside it: what the tests need besides Node.js, and whether it is here.
# shellcheck disable=SC2034

CEPH_RELEASE=16.2
CEPH_PROGRAMS=(ceph ceph-mon ceph-osd ceph-mgr ceph-mds ceph-fuse ceph-authtool ceph-kvstore-tool)
CEPH_PACKAGES=(ceph-mon ceph-common ceph-osd ceph-mgr ceph-mds ceph-fuse ceph-base python3-rados)
JAVA_MAJOR_MIN=11

have_ceph() {
  local program
  for program in "${CEPH_PROGRAMS[@]}"; do command -v "$program" >/dev/null || return 1; done
  [[ $(ceph-mon --version 2>/dev/null) == "ceph version $CEPH_RELEASE."* ]]
}

have_java() {
  local major
  major=$(java -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p' | head -1)
  [ "${major:-0}" -ge $JAVA_MAJOR_MIN ]
}

# TLC's jar is named, or in the cache, or Maven can fetch it; without Maven it is tried over HTTPS.
have_tlc_source() {
  local cache=${XDG_CACHE_HOME:+$XDG_CACHE_HOME/monclave}
  [ -n "${TLA2TOOLS_JAR:-}" ] || compgen -G "${cache:-.cache/tla}/*.jar" >/dev/null || command -v mvn >/dev/null
}

is_debian() { command -v apt-get >/dev/null && grep -qx 'ID=debian' /etc/os-release 2>/dev/null; }

is_ci() { [ -n "${CI:-}" ] && [ "$CI" != false ]; }
