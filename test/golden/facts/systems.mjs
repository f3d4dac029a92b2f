const os = (lines) => ({ '/etc/os-release': `${lines.join('\n')}\n` });

/** Files by which systems are told apart, in short. */
export const systems = {
  debian12: {
    ...os(['PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"', 'NAME="Debian GNU/Linux"', 'VERSION_ID="12"', 'VERSION="12 (bookworm)"', 'VERSION_CODENAME=bookworm', 'ID=debian']),
    '/etc/debian_version': '12.11\n',
  },
  debianTesting: {
    ...os(['PRETTY_NAME="Debian GNU/Linux trixie/sid"', 'NAME="Debian GNU/Linux"', 'VERSION_CODENAME=trixie', 'ID=debian']),
    '/etc/debian_version': 'trixie/sid\n',
  },
  ubuntu2404: {
    ...os(['PRETTY_NAME="Ubuntu 24.04.1 LTS"', 'NAME="Ubuntu"', 'VERSION_ID="24.04"', 'VERSION="24.04.1 LTS (Noble Numbat)"', 'VERSION_CODENAME=noble', 'ID=ubuntu', 'ID_LIKE=debian', 'UBUNTU_CODENAME=noble']),
    '/etc/debian_version': 'trixie/sid\n',
  },
  rhel9: {
    ...os(['NAME="Red Hat Enterprise Linux"', 'VERSION="9.4 (Plow)"', 'ID="rhel"', 'ID_LIKE="fedora"', 'VERSION_ID="9.4"', 'PRETTY_NAME="Red Hat Enterprise Linux 9.4 (Plow)"']),
    '/etc/redhat-release': 'Red Hat Enterprise Linux release 9.4 (Plow)\n',
  },
  rocky9: {
    ...os(['NAME="Rocky Linux"', 'VERSION="9.3 (Blue Onyx)"', 'ID="rocky"', 'ID_LIKE="rhel centos fedora"', 'VERSION_ID="9.3"', 'PRETTY_NAME="Rocky Linux 9.3 (Blue Onyx)"']),
    '/etc/redhat-release': 'Rocky Linux release 9.3 (Blue Onyx)\n',
    '/etc/rocky-release': 'Rocky Linux release 9.3 (Blue Onyx)\n',
  },
  alma9: {
    ...os(['NAME="AlmaLinux"', 'VERSION="9.3 (Shamrock Pampas Cat)"', 'ID="almalinux"', 'ID_LIKE="rhel centos fedora"', 'VERSION_ID="9.3"']),
    '/etc/redhat-release': 'AlmaLinux release 9.3 (Shamrock Pampas Cat)\n',
  },
  centosStream9: {
    ...os(['NAME="CentOS Stream"', 'VERSION="9"', 'ID="centos"', 'ID_LIKE="rhel fedora"', 'VERSION_ID="9"', 'PRETTY_NAME="CentOS Stream 9"']),
    '/etc/redhat-release': 'CentOS Stream release 9\n',
    '/etc/centos-release': 'CentOS Stream release 9\n',
  },
  centos7: {
    ...os(['NAME="CentOS Linux"', 'VERSION="7 (Core)"', 'ID="centos"', 'ID_LIKE="rhel fedora"', 'VERSION_ID="7"', 'PRETTY_NAME="CentOS Linux 7 (Core)"']),
    '/etc/redhat-release': 'CentOS Linux release 7.9.2009 (Core)\n',
    '/etc/centos-release': 'CentOS Linux release 7.9.2009 (Core)\n',
  },
  fedora41: {
    ...os(['NAME="Fedora Linux"', 'VERSION="41 (Server Edition)"', 'ID=fedora', 'VERSION_ID=41', 'VERSION_CODENAME=""', 'PRETTY_NAME="Fedora Linux 41 (Server Edition)"']),
    '/etc/redhat-release': 'Fedora release 41 (Forty One)\n',
  },
  oracle9: {
    ...os(['NAME="Oracle Linux Server"', 'VERSION="9.3"', 'ID="ol"', 'ID_LIKE="fedora"', 'VERSION_ID="9.3"', 'PRETTY_NAME="Oracle Linux Server 9.3"']),
    '/etc/oracle-release': 'Oracle Linux Server release 9.3\n',
    '/etc/redhat-release': 'Red Hat Enterprise Linux release 9.3 (Plow)\n',
  },
  amazon2023: {
    ...os(['NAME="Amazon Linux"', 'VERSION="2023"', 'ID="amzn"', 'ID_LIKE="fedora"', 'VERSION_ID="2023"', 'PRETTY_NAME="Amazon Linux 2023"']),
    '/etc/system-release': 'Amazon Linux release 2023 (Amazon Linux)\n',
  },
  leap15: {
    ...os(['NAME="openSUSE Leap"', 'VERSION="15.6"', 'ID="opensuse-leap"', 'ID_LIKE="suse opensuse"', 'VERSION_ID="15.6"', 'PRETTY_NAME="openSUSE Leap 15.6"']),
  },
  tumbleweed: {
    ...os(['NAME="openSUSE Tumbleweed"', 'ID="opensuse-tumbleweed"', 'ID_LIKE="opensuse suse"', 'VERSION_ID="20241001"', 'PRETTY_NAME="openSUSE Tumbleweed"']),
  },
  sles15: {
    ...os(['NAME="SLES"', 'VERSION="15-SP5"', 'VERSION_ID="15.5"', 'PRETTY_NAME="SUSE Linux Enterprise Server 15 SP5"', 'ID="sles"', 'ID_LIKE="suse"']),
  },
  alpine320: {
    ...os(['NAME="Alpine Linux"', 'ID=alpine', 'VERSION_ID=3.20.3', 'PRETTY_NAME="Alpine Linux v3.20"']),
    '/etc/alpine-release': '3.20.3\n',
  },
  arch: {
    ...os(['NAME="Arch Linux"', 'PRETTY_NAME="Arch Linux"', 'ID=arch', 'BUILD_ID=rolling']),
    '/etc/arch-release': '\n',
  },
  flatcar: {
    ...os(['NAME="Flatcar Container Linux by Kinvolk"', 'ID=flatcar', 'ID_LIKE=coreos', 'VERSION=3975.2.1', 'VERSION_ID=3975.2.1', 'PRETTY_NAME="Flatcar Container Linux by Kinvolk 3975.2.1 (Oklo)"']),
  },
  raspbian11: {
    ...os(['PRETTY_NAME="Raspbian GNU/Linux 11 (bullseye)"', 'NAME="Raspbian GNU/Linux"', 'VERSION_ID="11"', 'VERSION="11 (bullseye)"', 'VERSION_CODENAME=bullseye', 'ID=raspbian', 'ID_LIKE=debian']),
    '/etc/debian_version': '11.9\n',
  },
  mint22: {
    ...os(['NAME="Linux Mint"', 'VERSION="22 (Wilma)"', 'ID=linuxmint', 'ID_LIKE="ubuntu debian"', 'PRETTY_NAME="Linux Mint 22"', 'VERSION_ID="22"', 'VERSION_CODENAME=wilma', 'UBUNTU_CODENAME=noble']),
    '/etc/debian_version': 'trixie/sid\n',
  },
  unheardOf: {
    ...os(['NAME="Foo OS"', 'ID=foo', 'ID_LIKE="rhel"', 'VERSION_ID="1.2"', 'VERSION="1.2 Bar"']),
  },
};
