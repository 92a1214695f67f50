"""SSM Run Command for the simulated instances: what moto lacks of it.

moto takes a command and runs nothing, and knows neither DescribeInstanceInformation nor ListCommandInvocations. Here
every running instance has an agent, and a command is run as it was sent, by this machine's own shell. All its systemd
units are active, but for those that the instance's tag `InactiveUnits` names.
"""

import os
import subprocess
import tempfile

from moto.core.responses import ActionResult
from moto.ec2.models import ec2_backends
from moto.ssm.models import SimpleSystemManagerBackend
from moto.ssm.responses import SimpleSystemManagerResponse

SYSTEMCTL = """#!/bin/sh
for unit; do :; done
case " $INACTIVE_UNITS " in *" $unit "*) echo inactive; exit 3 ;; esac
echo active
"""

programs = tempfile.TemporaryDirectory()
with open(os.path.join(programs.name, "systemctl"), "w") as systemctl:
    systemctl.write(SYSTEMCTL)
os.chmod(systemctl.name, 0o755)


def output_of(command, instance_id, tags):
    environment = {
        "PATH": f"{programs.name}{os.pathsep}{os.environ['PATH']}",
        "INACTIVE_UNITS": tags.get(instance_id, {}).get("InactiveUnits", ""),
    }
    script = "\n".join(command.parameters["commands"])
    return subprocess.run(["sh", "-c", script], capture_output=True, env=environment, text=True, timeout=60).stdout


def describe_instance_information(self):
    filters = {each["Key"]: each["Values"] for each in self._get_param("Filters", [])}
    instances = ec2_backends[self.current_account][self.region].all_instances()
    agents = [
        {"InstanceId": each.id, "PingStatus": "Online", "PlatformType": "Linux"}
        for each in instances
        if each.id in filters["InstanceIds"] and each.state == "running"
    ]
    return ActionResult({"InstanceInformationList": agents})


def list_command_invocations(self):
    command = self.ssm_backend.get_command_by_id(self._get_param("CommandId"))
    invocations = [
        {
            "CommandId": command.command_id,
            "InstanceId": instance_id,
            "Status": "Success",
            "StatusDetails": "Success",
            "CommandPlugins": [{"Name": "aws:runShellScript", "Output": command.outputs[instance_id][:2500]}],
        }
        for instance_id in command.instance_ids
    ]
    return ActionResult({"CommandInvocations": invocations})


take_command = SimpleSystemManagerBackend.send_command


def send_command(self, **arguments):
    command = take_command(self, **arguments)
    tags = ec2_backends[self.account_id][self.region_name].tags
    command.outputs = {each: output_of(command, each, tags) for each in command.instance_ids}
    return command


def install():
    SimpleSystemManagerResponse.describe_instance_information = describe_instance_information
    SimpleSystemManagerResponse.list_command_invocations = list_command_invocations
    SimpleSystemManagerBackend.send_command = send_command
