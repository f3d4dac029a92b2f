from pyinfra.operations import files

files.directory("/srv/bench/folder-1", mode="750")
