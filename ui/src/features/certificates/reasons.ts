/** Why a certificate is revoked, as RFC 5280 names it, in words. */
export const reasonNames: Record<string, string> = {
  unspecified: "no reason is given",
  "key-compromise": "its private key is known to others, or may be",
  "ca-compromise": "the CA’s private key is known to others, or may be",
  "affiliation-changed": "what it says of its owner is no longer true",
  superseded: "another one is in its place",
  "cessation-of-operation": "it is needed no more",
  "privilege-withdrawn": "its owner may no longer do what it says",
  "aa-compromise": "an attribute authority’s private key is known to others",
};
