import { strict, tolerant } from '../../src/compatibility.js'
import { checkContentType, negotiate, SCIM_JSON } from '../../src/message/media-type.js'

const JSON_TYPE = 'application/json'

describe('the media type of an answer', () => {
  test.each([
    [undefined, SCIM_JSON],
    ['', SCIM_JSON],
    ['*/*', SCIM_JSON],
    [SCIM_JSON, SCIM_JSON],
    [JSON_TYPE, JSON_TYPE],
    ['application/*', SCIM_JSON],
    [`${JSON_TYPE};q=1, ${SCIM_JSON};q=0.001`, SCIM_JSON],
    [`${JSON_TYPE}, */*;q=0`, JSON_TYPE],
    [`${SCIM_JSON}; q=0.0, */*`, JSON_TYPE],
    [`application/*;q=0, ${JSON_TYPE}`, JSON_TYPE],
    [` ${JSON_TYPE} ; charset=utf-8 , text/html`, JSON_TYPE],
    ['text/html', undefined],
    ['text/*', undefined],
    ['application/json-patch+json', undefined],
    ['*/*;q=0', undefined],
    [`${SCIM_JSON};q=0,${JSON_TYPE};Q=0.000`, undefined],
    [',;,q', undefined],
  ])('[P-3.8-02, P-3.8-03, P-3.8-04] Accept: %s gives %s', (accept, type) => {
    expect(negotiate(accept)).toBe(type)
  })
})

describe('the media type of a body', () => {
  test.each([
    undefined,
    '',
    SCIM_JSON,
    JSON_TYPE,
    `${SCIM_JSON};charset=utf-8`,
    `${JSON_TYPE} ; Charset = "UTF8"`,
    `${JSON_TYPE}; foo=bar; charset=us-ascii`,
    `${JSON_TYPE};`,
  ])('[P-3.8-05, P-3.8-06] %j is accepted', (type) => {
    expect(() => checkContentType(type, strict)).not.toThrow()
  })

  test.each([
    'text/plain',
    'application/xml',
    'application/jsonx',
    'application/scim',
    `${JSON_TYPE}; charset=utf-16`,
    `${JSON_TYPE}; charset=iso-8859-1`,
    `${SCIM_JSON}; charset="latin1"`,
    `${JSON_TYPE}; foo=bar; charset=windows-1252`,
    `x${SCIM_JSON}`,
  ])('[P-3.8-06] %s is 415', (type) => {
    expect(() => checkContentType(type, tolerant)).toThrow(
      expect.objectContaining({ status: 415, scimType: undefined }),
    )
  })
})
