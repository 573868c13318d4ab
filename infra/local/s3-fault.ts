/** A refusal of the object store, with S3's own code and status. */
export class S3Fault extends Error {
  readonly code: S3Code;
  readonly status: number;
  /** what S3 adds to the error document, such as the length it found */
  readonly headers: Record<string, string>;

  constructor(code: S3Code, message?: string, headers: Record<string, string> = {}) {
    super(message ?? texts[code][1]);
    this.code = code;
    this.status = texts[code][0];
    this.headers = headers;
  }
}

const texts = {
  AccessDenied: [403, 'Access Denied'],
  AccessForbidden: [403, 'CORSResponse: This CORS request is not allowed.'],
  AuthorizationQueryParametersError: [400, 'The query parameters of the signature are malformed.'],
  BadDigest: [400, 'The digest you specified did not match what was received.'],
  EntityTooLarge: [400, 'Your proposed upload exceeds the maximum allowed object size.'],
  IncompleteBody: [400, 'The body is shorter or longer than the headers say.'],
  InvalidAccessKeyId: [403, 'The access key id does not exist in our records.'],
  InvalidArgument: [400, 'Invalid argument.'],
  InvalidPart: [400, 'One or more of the specified parts could not be found.'],
  InvalidRange: [416, 'The requested range is not satisfiable.'],
  InvalidURI: [400, "Couldn't parse the specified URI."],
  KeyTooLongError: [400, 'Your key is too long.'],
  MalformedXML: [400, 'The XML you provided was not well-formed.'],
  MethodNotAllowed: [405, 'The specified method is not allowed against this resource.'],
  MissingContentLength: [411, 'You must provide the Content-Length HTTP header.'],
  NoSuchBucket: [404, 'The specified bucket does not exist.'],
  NoSuchKey: [404, 'The specified key does not exist.'],
  NoSuchUpload: [404, 'The specified multipart upload does not exist.'],
  NotImplemented: [501, 'This is not implemented by the local run.'],
  NotModified: [304, ''],
  PreconditionFailed: [412, 'At least one of the pre-conditions you specified did not hold.'],
  RequestTimeTooSkewed: [403, 'The difference between request time and current time is too large.'],
  SignatureDoesNotMatch: [403, 'The signature calculated does not match the one provided.'],
  XAmzContentSHA256Mismatch: [400, 'The provided x-amz-content-sha256 does not match.'],
} satisfies Record<string, [number, string]>;

export type S3Code = keyof typeof texts;
