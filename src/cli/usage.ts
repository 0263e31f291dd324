/** What `ceph-mon --help` prints. */
export const CEPH_MON_USAGE = `usage: ceph-mon -i ID [options]

  -i, --id ID                  name of this monitor; its entity is mon.ID
  -n, --name mon.ID            the same
  -c, --conf FILE              configuration file (default: /etc/ceph/$cluster.conf)
  --cluster NAME               name of the cluster (default: ceph)
  -f, --foreground             do not go into the background
  -d                           do not go into the background, and log to stderr
  -v, --version                print the version

Making and repairing a monitor, which must not be running:
  --mkfs                       make the data folder
  --monmap FILE                  with this monmap
  --keyring FILE                 with these keys
  --fsid UUID                    of this cluster
  --osdmap FILE                  with this first osdmap
  --extract-monmap FILE        write the monitor's monmap to FILE
  --inject-monmap FILE         replace the monitor's monmap
  --force-sync --yes-i-really-mean-it
                               start by copying everything from another monitor
  --compact                    compact the store, then start

Every option of the configuration can be given as --NAME VALUE, --NAME=VALUE or, when it is a yes or no, --NAME and
--no-NAME; for example:
  --mon-data FOLDER            where the monitor keeps its store and keyring
  --public-addr ADDR           where it listens
  --debug-mon LEVEL            how much it logs
`
