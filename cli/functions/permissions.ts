/** What running a function and telling of it needs in IAM; without the second and third, names are left out. */
export const FUNCTION_PERMISSIONS = [
  "lambda:GetFunctionConfiguration",
  "lambda:InvokeFunction",
  "ec2:DescribeInstances",
  "ec2:DescribeSpotInstanceRequests",
  "logs:FilterLogEvents",
] as const;
