import type { Guide } from '../../guides/index.js'
import { fillText } from '../../guides/index.js'
import type { GuideView } from '../contract/contract.js'
import type { Handlers } from '../request/call.js'
import type { Settings } from '../request/options.js'
import { keptAttributes } from '../views/kept.js'
import { storedFacts } from '../views/stored.js'

/** The session of the visitor, the guides, and the stored data. */
export const sessionCalls: Handlers<'getSession' | 'listGuides' | 'listStored'> = {
  getSession({ settings, visitor }) {
    const { product, url, methods, colours = {}, texts = {}, trail, log } = settings
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
      has: {
        trail: trail !== undefined,
        // A log whose store keeps no recordings says so by having nothing to listen to.
        recording: log.hooks.exchange !== undefined,
        testing: true,
      },
    }
  },

  listGuides({ settings }) {
    return { guides: settings.guides.map((guide) => guideView(settings, guide)) }
  },

  async listStored({ settings, tenant, visitor }) {
    // Staff ask about no tenant: the kept attributes of a resource are the same for all.
    const attributes = tenant === '' ? [] : await keptAttributes(settings, { tenant, actor: visitor.actor })
    return { facts: storedFacts, attributes }
  },
}

/** A guide with the words of the product. */
export function guideView(settings: Settings, guide: Guide, url = settings.url): GuideView {
  const { name, support } = settings.product
  const filled = (text: string): string => fillText(text, { product: name, url, support })
  const methods = guide.methods.filter(({ id }) =>
    settings.methods.some((own) => own === (id === 'header' ? 'token' : id)),
  )
  return {
    id: guide.id,
    name: guide.name,
    supported: guide.supported,
    intro: guide.intro.map(filled),
    apps: guide.apps.map((app) => ({
      id: app.id,
      title: filled(app.title),
      text: filled(app.text),
      methods: app.methods,
    })),
    methods: methods.map(({ id, title, text }) => ({ id, title: filled(title), text: filled(text) })),
    cadence: filled(guide.cadence),
    rotation: filled(guide.rotation),
    symptoms: guide.symptoms.map(({ id, shows, means, fix }) => ({
      id,
      shows: filled(shows),
      means: filled(means),
      fix: filled(fix),
    })),
    checked: guide.sources.map(({ checked }) => checked).sort()[0],
  }
}
