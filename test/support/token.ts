/** The token that tests show unless they say otherwise. */
export const TOKEN = 'test-token'
