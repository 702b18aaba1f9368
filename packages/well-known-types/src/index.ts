// The google.protobuf types come here; contracts that import them are refused until then.
export {};
