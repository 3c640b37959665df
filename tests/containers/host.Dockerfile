# A machine as a town hall has one, with systemd: the units are installed in it by what README.md says.
ARG BASE
FROM ${BASE}
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends systemd dbus sudo python3-venv nftables && rm -rf /var/lib/apt/lists/*
STOPSIGNAL SIGRTMIN+3
# In a container nothing that is mounted is seen elsewhere by itself; on a machine it is, and credentials are handed over that way.
CMD ["sh", "-c", "mount --make-rshared / && exec /lib/systemd/systemd"]
