"""moto_server, with EC2's part of its access control made true to AWS, and functions that give out their code.

moto judges every EC2 call against the resource "*" and evaluates no conditions there, so a policy on exact instance
ARNs, or under aws:ResourceTag, would always be refused. Here StartInstances and StopInstances are judged for each
instance that they name, by its ARN and its tags, and refused in EC2's own words. An operator this file does not know
stops the call, rather than being taken as true.

moto's GetFunction tells an address at AWS itself, of nothing. Here the code is an object of a bucket of the simulator,
read without credentials as by the signed addresses of AWS.

Takes moto_server's own arguments.
"""

import fnmatch
import sys

from moto.awslambda.models import LambdaFunction
from moto.core.exceptions import _RESTError
from moto.ec2.models import ec2_backends
from moto.iam.access_control import IAMPolicy, IAMRequest
from moto.s3.models import get_canned_acl, s3_backends
from moto.server import main

JUDGED_BY_INSTANCE = ("ec2:StartInstances", "ec2:StopInstances")


class UnauthorizedOperation(_RESTError):
    code = 403

    def __init__(self, principal: str, action: str, resource: str):
        super().__init__(
            "UnauthorizedOperation",
            "You are not authorized to perform this operation. "
            f"User: {principal} is not authorized to perform: {action} on resource: {resource} "
            f"because no identity-based policy allows the {action} action",
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
        return actual is not None and matches(expected, actual)
    if operator == "StringNotLike":
        return actual is None or not matches(expected, actual)
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


def named_instances(request):
    backend = ec2_backends[request.account_id][request._region]
    for key, value in request._data.items():
        if key.startswith("InstanceId."):
            instance_id = as_list(value)[0]
            arn = f"arn:aws:ec2:{request._region}:{request.account_id}:instance/{instance_id}"
            tags = backend.tags.get(instance_id, {})
            yield arn, {f"aws:ResourceTag/{name}": tag for name, tag in tags.items()}


check_action_permitted = IAMRequest.check_action_permitted


def check_ec2_action_permitted(self, resource):
    if self._action not in JUDGED_BY_INSTANCE:
        return check_action_permitted(self, resource)
    documents = [IAMPolicy(policy)._policy_json for policy in self._access_key.collect_policies()]
    statements = [statement for document in documents for statement in as_list(document["Statement"])]
    for arn, context in named_instances(self):
        context["aws:RequestedRegion"] = self._region
        if not is_allowed(statements, self._action, arn, context):
            raise UnauthorizedOperation(self._access_key.arn, self._action, arn)


IAMRequest.check_action_permitted = check_ec2_action_permitted

CODE_BUCKET = "code-of-functions"

get_code = LambdaFunction.get_code


def get_code_with_address(self):
    answer = get_code(self)
    if self.code_bytes:
        s3 = s3_backends[self.account_id]["aws"]
        if CODE_BUCKET not in s3.buckets:
            s3.create_bucket(CODE_BUCKET, "us-east-1")
        code = s3.put_object(CODE_BUCKET, self.function_name, self.code_bytes)
        code.set_acl(get_canned_acl("public-read"))
        port = sys.argv[sys.argv.index("-p") + 1]
        location = f"http://127.0.0.1:{port}/{CODE_BUCKET}/{self.function_name}"
        answer["Code"] = {"Location": location, "RepositoryType": "S3"}
    return answer


LambdaFunction.get_code = get_code_with_address

if __name__ == "__main__":
    main()
