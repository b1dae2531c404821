import type { Handlers } from '../call.js'

/** Who asks. */
export const sessionCalls: Handlers<'getSession'> = {
  getSession({ settings, visitor }) {
    const { product, url, methods, colours = {}, texts = {}, trail } = settings
    return {
      audience: visitor.audience,
      tenant: visitor.tenant,
      actor: visitor.actor,
      can: visitor.can,
      connection: visitor.connection,
      expires: visitor.expires?.toISOString(),
      product: { name: product.name, support: product.support, signIn: product.signIn ?? 'userName' },
      url,
      methods,
      colours,
      texts,
      has: { trail: trail !== undefined, recording: false, testing: false },
    }
  },
}
