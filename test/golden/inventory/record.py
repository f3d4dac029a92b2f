#!/usr/bin/env python3
"""Records in ansible-core.json what ansible-core reads in the inventories of this folder, and what patterns select there.

Run it with the Python of a virtual environment that has ansible-core. Its commands run in an empty folder, since
ansible-inventory takes the working directory for that of a playbook.
"""
import json, os, subprocess, sys, tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCES = {
    'command-line': ['web1,web2:2222,[2001:db8::1]:22,192.0.2.1,'],
    'deep-groups': ['inventory.yml'],
    'directory': ['inv'],
    'group-vars-forms': ['hosts.yml'],
    'host-in-parent-and-child': ['inventory.yml'],
    'ini-everything': ['hosts'],
    'ini-groups': ['hosts'],
    'json': ['inventory.json'],
    'named-localhost': ['hosts'],
    'odd-names': ['inventory.yml'],
    'playbook-folder': ['inv/hosts'],
    'script-host': ['list.sh'],
    'script-meta': ['list.sh'],
    'several-sources': ['one', 'two.yml', 'sub/three'],
    'yaml-everything': ['inventory.yml'],
}
MORE = {'playbook-folder': ['--playbook-dir', 'play']}
PATTERNS = {
    'yaml-everything': [
        'all', '*', 'db', 'web', 'top', 'lost', 'ungrouped', 'other', 'db:web', 'web:db', 'db,web1', 'db:&other', 'all:!db',
        '!db', '&db', '!db:&other', '&other:!db2:db', 'db[0]', 'db[-1]', 'db[-2]', 'db[0:1]', 'db[1:]', 'db[1:2]', 'db[0:0]',
        'db[1:0]', 'db[5]', 'db[-5]', 'db[3:5]', 'db[2:9]', 'web*', 'w*[0]', 'web?', 'web[12]', 'web[!1]', 'web[1]', '*1',
        '~web[13]', '~(primary|replica)', '~.*2$', '~b', '!~web', 'all:!~web', 'empty', 'nobody', 'nobody,web1', 'all[0]',
        'all[1:3]', 'web1:web1', 'web1,,db1', ' web1 , db1 ', 'localhost', '127.0.0.1', 'all:!localhost', 'top:&all',
        'replica:primary', 'd*', '*b*:!db3', 'DB', 'web1:!web1', 'replica[0],primary[0]', 'all:&replica[0]', 'all:!replica[0]',
    ],
    'odd-names': ['10.0.0.1', '10.0.0.*', '2001:db8::5', 'with-dash', 'with.dot', '1digit', '123', 'UPPER*', 'upper*', '*under', 'with*'],
    'ini-everything': ['ranges', 'n[08:11]', 'ranges[0]', 'web0[1:2]', 'site:!db', '~^r\\dc', '[1:3].example', '1.example', '?.example'],
    'named-localhost': ['all', 'localhost', '127.0.0.1', '::1', 'local'],
}


def sources(case):
    return [name if ',' in name else os.path.join(HERE, case, name) for name in SOURCES[case]]


def inventory(case, *words):
    command = [os.path.join(os.path.dirname(sys.executable), 'ansible-inventory')]
    for source in sources(case):
        command += ['-i', source]
    more = [os.path.join(HERE, case, word) if not word.startswith('-') else word for word in MORE.get(case, [])]
    with tempfile.TemporaryDirectory() as folder:
        ran = subprocess.run(command + more + list(words), cwd=folder, capture_output=True, text=True, check=True)
    return ran.stdout


def listed(case, *words):
    found = json.loads(inventory(case, '--list', *words))
    del found['_meta']['profile']
    return found


def selected(case, patterns):
    from ansible.errors import AnsibleError
    from ansible.inventory.manager import InventoryManager
    from ansible.parsing.dataloader import DataLoader
    found = {}
    for pattern in patterns:
        # A new one each time: it remembers by which name this machine was asked for first.
        manager = InventoryManager(loader=DataLoader(), sources=sources(case))
        try:
            found[pattern] = [host.name for host in manager.get_hosts(pattern)]
        except AnsibleError as problem:
            found[pattern] = 'error'
    return found


def readable(recorded):
    def lines(value):
        return ',\n'.join(f'  {json.dumps(key)}: {json.dumps(item, ensure_ascii=False)}' for key, item in value.items())
    cases = [f' {json.dumps(case)}: {{\n{lines(value)}\n }}' for case, value in recorded.items()]
    return '{\n' + ',\n'.join(cases) + '\n}\n'


def main():
    recorded = {}
    for case in SOURCES:
        print(case, file=sys.stderr)
        recorded[case] = {
            'sources': SOURCES[case],
            'flags': MORE.get(case, []),
            'list': listed(case),
            'export': listed(case, '--export'),
            'graph': inventory(case, '--graph').splitlines(),
            'patterns': selected(case, PATTERNS.get(case, [])),
        }
    with open(os.path.join(HERE, 'ansible-core.json'), 'w', encoding='utf-8') as file:
        file.write(readable(recorded))


main()
