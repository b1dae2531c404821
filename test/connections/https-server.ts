import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { note } from '../support/running.js'

// Of a host that does not exist, made for tests: nothing is guarded by it.
const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBnDCCAUGgAwIBAgIUCIU/qDi81aJTKtrd/ShkEmHgqXQwCgYIKoZIzj0EAwIw
FjEUMBIGA1UEAwwLaWRwLmV4YW1wbGUwIBcNMjYxMTI4MDQyODQ2WhgPMjEyNjEx
MDQwNDI4NDZaMBYxFDASBgNVBAMMC2lkcC5leGFtcGxlMFkwEwYHKoZIzj0CAQYI
KoZIzj0DAQcDQgAEE3Fd+nnsDjVwTEjsEihH0fOA5z4bv8VwShPHSdKw6V22rJwv
HBDX/jWs5fFng63Ia0htuVdHlkIH1SW2V2RJXKNrMGkwHQYDVR0OBBYEFFv5eHK/
sj94JM4FR/F0sYFwfMVlMB8GA1UdIwQYMBaAFFv5eHK/sj94JM4FR/F0sYFwfMVl
MA8GA1UdEwEB/wQFMAMBAf8wFgYDVR0RBA8wDYILaWRwLmV4YW1wbGUwCgYIKoZI
zj0EAwIDSQAwRgIhALtpgO/SjWucRsg8yaLQhak8kahss/Kr31KIAdTD4rcSAiEA
g6mjUcq7HtvpElyVNJr85+WM3OAy50Vp9ssiQ3vEjt4=
-----END CERTIFICATE-----
`
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgR9Wb2QJlaeH/oD8E
bx4LSehkbnPWOedUq9s6WhCxyUOhRANCAAQTcV36eewONXBMSOwSKEfR84DnPhu/
xXBKE8dJ0rDpXbasnC8cENf+Nazl8WeDrchrSG25V0eWQgfVJbZXZElc
-----END PRIVATE KEY-----
`

/** An HTTPS server of the name idp.example on 127.0.0.1, which ends with the test. */
export async function startHttps(
  listener: RequestListener,
): Promise<{ readonly port: number; readonly certificate: string }> {
  const server = createServer({ key: KEY, cert: CERTIFICATE }, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  note({
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
  return { port: (server.address() as AddressInfo).port, certificate: CERTIFICATE }
}
