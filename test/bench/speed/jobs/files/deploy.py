from pyinfra import host
from pyinfra.operations import files

files.sync(f"{host.data.payload}/small", "/srv/bench/small", mode="644", dir_mode="755", add_deploy_dir=False)
files.put(f"{host.data.payload}/large", "/srv/bench/large", mode="644", add_deploy_dir=False)
