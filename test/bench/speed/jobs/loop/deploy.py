from pyinfra.operations import files

for item in range(1, 101):
    files.directory(f"/srv/bench/folder-{item}", mode="750")
