#!/bin/sh
echo '{"web": {"vars": {"shared": "script"}, "hosts": ["w4"]}, "_meta": {"hostvars": {"w2": {"v": "script"}}}}'
