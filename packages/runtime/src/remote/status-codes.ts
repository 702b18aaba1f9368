/** Codes of gRPC, which Connect uses too. https://grpc.io/docs/guides/status-codes/ */
export const StatusCode = {
  canceled: 1,
  unknown: 2,
  invalid_argument: 3,
  deadline_exceeded: 4,
  not_found: 5,
  already_exists: 6,
  permission_denied: 7,
  resource_exhausted: 8,
  failed_precondition: 9,
  aborted: 10,
  out_of_range: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  data_loss: 15,
  unauthenticated: 16,
} as const;

/** Header or trailer of an answer with the class of the error that a host of wplug has made it of. */
export const ERROR_HEADER = "wplug-error";
