#!/bin/sh
# `moyai` as it is typed: root acts for the town's node, as the user it belongs to; everybody else works on a node of their own.
if [ "$(id -u)" = 0 ]; then
  exec runuser -u moyai -- env "MOYAI_NODE=${MOYAI_NODE:-/var/lib/moyai}" ${MOYAI_OPERATOR:+"MOYAI_OPERATOR=$MOYAI_OPERATOR"} \
    ${MOYAI_LANG:+"MOYAI_LANG=$MOYAI_LANG"} /opt/moyai/bin/moyai "$@"
fi
exec /opt/moyai/bin/moyai "$@"
