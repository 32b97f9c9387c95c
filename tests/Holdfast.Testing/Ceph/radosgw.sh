#!/bin/bash
# Starts a Ceph of one node (mon, osd in memory, radosgw) on loopback under DIR: a real S3 engine. Every process writes
# its id to DIR/run/*.pid. usage: radosgw.sh DIR MON_PORT MON2_PORT HTTP_PORT HTTPS_PORT CERTIFICATE ACCESS_KEY SECRET_KEY
set -eu
dir=$1 mon=$2 mon2=$3 http=$4 https=$5 certificate=$6 access=$7 secret=$8
mkdir -p "$dir"/{mon,osd,rgw,run,log}
conf=$dir/ceph.conf
cat >"$conf" <<END
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon host = [v2:127.0.0.1:$mon2,v1:127.0.0.1:$mon]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
auth allow insecure global id reclaim = false
mon warn on insecure global id reclaim = false
run dir = $dir/run
pid file = $dir/run/\$name.pid
admin socket = $dir/run/\$name.\$pid.asok
log file = $dir/log/\$name.log
crash dir = $dir/run
keyring = $dir/keyring
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon max pg per osd = 1000
mon data avail warn = 1
mon data avail crit = 0
ms bind ipv6 = false
ms bind port min = 20000
ms bind port max = 29000
[mon.a]
mon data = $dir/mon
keyring = $dir/mon/keyring
[osd.0]
osd data = $dir/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd class update on start = false
[client.rgw.a]
rgw data = $dir/rgw
keyring = $dir/keyring
rgw frontends = beast endpoint=127.0.0.1:$http ssl_endpoint=127.0.0.1:$https ssl_certificate=$certificate
rgw enable usage log = false
rgw dns name = s3.test
END
export CEPH_CONF=$conf
ceph-authtool -C "$dir/mon.keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool -C "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
ceph-authtool "$dir/keyring" --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx' >/dev/null
ceph-authtool "$dir/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' --cap mgr 'allow profile osd' >/dev/null
ceph-authtool "$dir/mon.keyring" --import-keyring "$dir/keyring" >/dev/null
monmaptool --create --fsid "$(sed -n 's/^fsid = //p' "$conf")" --addv a "[v2:127.0.0.1:$mon2,v1:127.0.0.1:$mon]" "$dir/monmap" >/dev/null
ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/mon.keyring" -c "$conf"
ceph-mon -i a -c "$conf"
osd=$(cat /proc/sys/kernel/random/uuid)
timeout 60 ceph -c "$conf" osd new "$osd" 0 >/dev/null
ceph-osd -i 0 -c "$conf" --mkfs --osd-uuid "$osd" >"$dir/log/mkfs.out" 2>&1
ceph-osd -i 0 -c "$conf"
radosgw -c "$conf" -n client.rgw.a
for ((try = 0; try < 240; try++)); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$http") 2>/dev/null; then break; fi
    sleep 0.25
done
timeout 60 radosgw-admin -c "$conf" user create --uid=test --display-name=test --access-key="$access" --secret-key="$secret" >/dev/null 2>"$dir/log/admin.err"
