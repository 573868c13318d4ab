/**
 * Stands in for @aws-sdk/credential-provider-node inside the bundles: Lambda hands its role's credentials over in the environment, so the
 * profile, SSO, web-identity and instance-metadata providers (a hundred kilobytes with the clients they bring) have nothing to do there.
 */
export function defaultProvider() {
  return () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY)
      return Promise.reject(new Error('no credentials in the environment'));
    return Promise.resolve({
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
    });
  };
}
