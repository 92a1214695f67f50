"""moto_server, with the part of its access control that is about instances and schedules made true to AWS, functions
that give out their code, and SSM Run Command.

moto judges every call to EC2, SSM and EventBridge Scheduler against the resource "*" and evaluates no conditions there,
so a policy on exact ARNs, or under tags, would always be refused. Here StartInstances, StopInstances and SendCommand are
judged for each instance that they name, by its ARN and its tags, and a command by its document, too. CreateSchedule and
GetSchedule are judged by the schedule's ARN, and the former, as by AWS, by whether its caller may pass the target's role
to EventBridge Scheduler, too. EC2's are refused in its own words. An operator this file does not know stops the call,
rather than being taken as true.

moto dates launches and stops by its own clock, which is ahead of the fixed times at which tests run functions: here all
launches were long ago, and a stop is of no named origin.

moto's GetFunction tells an address at AWS itself, of nothing. Here the simulator has the code at an address of its own,
which takes no credentials, as the signed addresses of AWS do not.

Binds a free port of the loopback interface itself, and prints it as the only line on standard output.
"""

import fnmatch
import json
import os
import re
import signal
import threading
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import run_command
from moto.awslambda.models import LambdaFunction, lambda_backends
from moto.core.exceptions import JsonRESTError, _RESTError
from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance
from moto.iam.access_control import IAMPolicy, IAMRequest
from moto.moto_api._internal.urls import url_paths
from moto.server import DomainDispatcherApplication, MotoRequestHandler, create_backend_app, signal_handler
from werkzeug.serving import make_server

JUDGED_BY_RESOURCE = (
    "ec2:StartInstances",
    "ec2:StopInstances",
    "scheduler:CreateSchedule",
    "scheduler:GetSchedule",
    "sns:Publish",
    "ssm:SendCommand",
)


class UnauthorizedOperation(_RESTError):
    code = 403

    def __init__(self, principal: str, action: str, resource: str):
        super().__init__(
            "UnauthorizedOperation",
            f"You are not authorized to perform this operation. {refusal(principal, action, resource)}",
        )


def refusal(principal, action, resource):
    return (
        f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
        f"because no identity-based policy allows the {action} action"
    )


def as_list(value):
    return value if isinstance(value, list) else [value]


def matches(patterns, value, fold_case=False):
    """IAM's wildcards are `*` and `?`; actions do not care about case. `[` means nothing to IAM."""
    for pattern in as_list(patterns):
        pattern, subject = (pattern.lower(), value.lower()) if fold_case else (pattern, value)
        if fnmatch.fnmatchcase(subject, pattern.replace("[", "[[]")):
            return True
    return False


def is_like(patterns, value):
    """In a pattern of StringLike, `${*}`, `${?}` and `${$}` are these characters."""
    parts = {"*": ".*", "?": "."}
    return any(
        re.fullmatch(
            re.sub(
                r"\$\{([*?$])\}|(.)",
                lambda part: re.escape(part[1]) if part[1] else parts.get(part[2], re.escape(part[2])),
                pattern,
                flags=re.DOTALL,
            ),
            value,
            flags=re.DOTALL,
        )
        for pattern in as_list(patterns)
    )


def condition_holds(operator, key, expected, context):
    actual = context.get(key)
    if operator == "Null":
        return (actual is None) == (str(as_list(expected)[0]).lower() == "true")
    if operator.endswith("IfExists"):
        if actual is None:
            return True
        operator = operator[: -len("IfExists")]
    if operator == "StringEquals":
        return actual is not None and actual in as_list(expected)
    if operator == "StringNotEquals":
        return actual is None or actual not in as_list(expected)
    if operator == "StringLike":
        return actual is not None and is_like(expected, actual)
    if operator == "StringNotLike":
        return actual is None or not is_like(expected, actual)
    raise NotImplementedError(f"The simulator does not know the IAM condition operator {operator}")


def concerns(statement, action, resource, context):
    return (
        matches(statement.get("Action", []), action, fold_case=True)
        and matches(statement.get("Resource", []), resource)
        and all(
            condition_holds(operator, key, expected, context)
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
    )


def is_allowed(statements, action, resource, context):
    effects = {s["Effect"] for s in statements if concerns(s, action, resource, context)}
    return "Allow" in effects and "Deny" not in effects


def instances(request, ids, tag_key):
    backend = ec2_backends[request.account_id][request._region]
    for instance_id in ids:
        arn = f"arn:aws:ec2:{request._region}:{request.account_id}:instance/{instance_id}"
        tags = backend.tags.get(instance_id, {})
        yield arn, {f"{tag_key}/{name}": tag for name, tag in tags.items()}


def named_resources(request):
    """The ARN of each thing that the call is about, with what conditions may ask of it."""
    if request._action == "ssm:SendCommand":
        command = json.loads(request._body)
        yield f"arn:aws:ssm:{request._region}::document/{command['DocumentName']}", {}
        yield from instances(request, command["InstanceIds"], "ssm:resourceTag")
    elif request._action == "sns:Publish":
        yield as_list(request._data["TopicArn"])[0], {}
    elif request._action.startswith("scheduler:"):
        address = urlsplit(request._path)
        fields = json.loads(request._body or "{}")
        group = fields.get("GroupName") or parse_qs(address.query).get("groupName", ["default"])[0]
        name = address.path.rsplit("/", 1)[-1]
        yield f"arn:aws:scheduler:{request._region}:{request.account_id}:schedule/{group}/{name}", {}
    else:
        ids = [as_list(value)[0] for key, value in request._data.items() if key.startswith("InstanceId.")]
        yield from instances(request, ids, "aws:ResourceTag")


def needed_permissions(request):
    """Each action that the caller must be allowed, on what, with what conditions may ask of it."""
    for arn, context in named_resources(request):
        yield request._action, arn, {**context, "aws:RequestedRegion": request._region}
    if request._action == "scheduler:CreateSchedule":
        role = json.loads(request._body)["Target"]["RoleArn"]
        yield "iam:PassRole", role, {"iam:PassedToService": "scheduler.amazonaws.com"}


check_action_permitted = IAMRequest.check_action_permitted


def check_named_resources_permitted(self, resource):
    if self._action not in JUDGED_BY_RESOURCE:
        return check_action_permitted(self, resource)
    documents = [IAMPolicy(policy)._policy_json for policy in self._access_key.collect_policies()]
    statements = [statement for document in documents for statement in as_list(document["Statement"])]
    for action, arn, context in needed_permissions(self):
        if is_allowed(statements, action, arn, context):
            continue
        if action.startswith("ec2:"):
            raise UnauthorizedOperation(self._access_key.arn, action, arn)
        if action.startswith("sns:"):
            self._raise_access_denied()
        raise JsonRESTError("AccessDeniedException", refusal(self._access_key.arn, action, arn))


IAMRequest.check_action_permitted = check_named_resources_permitted

# These answer in JSON, and so do they refuse; moto refuses every call in XML.
JSON_SERVICES = ("events", "lambda", "logs", "scheduler", "ssm")

raise_access_denied = IAMRequest._raise_access_denied


def raise_access_denied_as_the_service_does(self):
    if self._service not in JSON_SERVICES:
        raise_access_denied(self)
    message = f"User: {self._access_key.arn} is not authorized to perform: {self._action}"
    raise JsonRESTError("AccessDeniedException", message)


IAMRequest._raise_access_denied = raise_access_denied_as_the_service_does
run_command.install()

LONG_AGO = datetime(2020, 1, 1)
Instance.launch_time = property(lambda self: LONG_AGO, lambda self, now: None)
Instance.state_transition_reason = property(lambda self: self._reason.replace("User initiated", "Initiated"))


get_code = LambdaFunction.get_code


def get_code_with_address(self):
    answer = get_code(self)
    if self.package_type != "Zip":
        return answer
    place = f"{self.account_id}/{self.region}/{self.function_name}"
    location = f"http://127.0.0.1:{os.environ['MOTO_PORT']}/moto-api/code/{place}"
    answer["Code"] = {"Location": location, "RepositoryType": "S3"}
    return answer


def code_response(request, full_url, headers):
    account_id, region, name = request.path.split("/")[-3:]
    function = lambda_backends[account_id][region].get_function(name)
    return 200, {"Content-Type": "application/zip"}, function.code_bytes


url_paths["{0}/moto-api/code/(?P<account_id>[^/]+)/(?P<region>[^/]+)/(?P<name>[^/]+)$"] = code_response
LambdaFunction.get_code = get_code_with_address


def one_at_a_time(app):
    """moto keeps its resources in dictionaries without locks: of two calls at once, one now and then ends with a 500,
    and an SDK that tries a creation again may then be told that the resource exists."""
    lock = threading.Lock()

    def locked(environ, start_response):
        with lock:
            return app(environ, start_response)

    return locked


def main():
    app = one_at_a_time(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=MotoRequestHandler)
    # moto takes its own address from here, too.
    os.environ["MOTO_PORT"] = str(server.port)
    signal.signal(signal.SIGTERM, signal_handler)
    print(server.port, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
