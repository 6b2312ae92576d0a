// Public keys made by OpenSSH's ssh-keygen, with the fingerprints that it prints; their private halves are gone.

export const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJJURd27FvbLvQgnH/ryFzVJDgW3vKHKoStRs56Cu3oc';
export const ED25519_FINGERPRINT = 'SHA256:4t6DmE5C8Zoofeb3R0Vo6xG7xflfW0NHINuAEzwBFN4';
export const OTHER_ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMVpxscZbLyEpo5veV7e3ewuFyTQ+KULkfmeb5O+Dpmi';
export const RSA_2048 =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCR9EFAYplZq/IpT3mwcO4NvXPSDmop+Tvyw9Aff58y1sEEMqT2DAnGPLuUnYYbuEK2w6iPjN9KmWucn0IsNQnAKJXy3pNaFTPLYD7DdjP7tHBtJmiuzqWe4CQfj00wkcEHl/zUpGxhKS03J2N7tdHHZRm6OCz62OiYqZV2QqiJUPtPsCkQsAr9yPDksPnfVHrrpmiBvD+pRHNsPgRruXA8wQshC+litRb2Qo+Z4h04CHHjqPRu6caOoaPTtuf3XvlcgrAlSOvOaj9TBAWNCjQWyNELEWF4QRi5K4j5EGlvgmcBR6RGg9+7ifCVdb05BpSlCtCpB4snOW43D4FRlZ1n';

/** Each kind that is accepted: [line, fingerprint]. */
export const ACCEPTED = [
  [ED25519, ED25519_FINGERPRINT],
  [
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBCMKL7Cy2XcwrLZ96w4DccqllxO9f6jN6JAU4zBxSRuflYhfTaCGVxSJQV5MBf0WPXiu2iZt0EJ05+R5y9utXUM=',
    'SHA256:prb3gXuTlwmo6Kshl2ZfDnAYL8eyHWEvy8wLd7YkJPk',
  ],
  [
    'ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBBykXGgRlio6d7HB4KKCQ1Vam6nHZS5B3GB6MXimjt5WprlfSkJYG4YisIWvvdQwVEoqD954OGSKHEPXEfZizgebYTnFi3MlzPaWRtIhLgTP/nyZAN/+Z3fvvqEP+fKtIg==',
    'SHA256:rXXTmwRfiyVkMxV0ktFpBvbe1OT8hvG8c3QvSKW8NVc',
  ],
  [
    'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAC1+rMRbrfdzg0NE3tYAK+n+WVoiQxRgkuoYcwjt8bfk7NUZH/xzSKqrvl9B80m7dryFtuywQmUytz+wbkpfWeTMwH0pcu2SIegB5x7jKAINdoe1jlCBat8SQxg0xOJQzN/cpx9cNi04hhWW7rnfQ5GFiJ02pZDdwuN6XOPUJWwCsc84g==',
    'SHA256:5cm4m/OYr3CofHIB5hV1ZIg+cpnQNkDpobkIGWoYVEI',
  ],
  [
    'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQCY4u2fYqnuO7EIJR3UoCMxak0Et4UwKcODKHPXoboJMvKT7ZZj0kljqT+p+86Jw5tjdZbtp5+lyKddCNq20AjGTPhWX8c1dT12iYEPCZQxl7wvdws45f2hXX3g5N0fDPb8FKranwHrueiHvhGdinu4mlWXbaOKWb7u//S0IlG1MVfoMZ5xEjkJMJ9P0Lj+9G/kBEO6cfuj23B5pHnLU5BB6BkEpVQbgstChZbGREhLp0SJxUnFwX3uLWPvmoh2JurZJDvUreYk2nPXa+7XmGL0DL3Cb9RvVnsQZiPHw9NYtT8Ohwibl7njIYXQAvdkToPHLi3fQPKXRn/rCqi85XCIOLTCrLPwjJUqSJGZP7TDRjxjuo2MU+R8+yqjM0ahncQuUo7Ch05JULYuA7QKe4mfYn8eBZqip3OkTMp2gMYoBe3EnCTWWxvQgTXrGjkT23r34fYK4xYh7GZDUNiHcjyKtaU0Sxj54/wCsC473n+acAqDpHslBUWBVCjih9T3ezk=',
    'SHA256:fFixfrsVXnl3rrPxSXy7pzh5zNd9zmeeXit44AK5tEw',
  ],
] as const;
