// Tests need not find a change in the text of an error: such texts may be worded otherwise.

const SAYS = /^(fail\w*|noTarget|noOperator|lacksValue|listsValues|tooDeep|SetupError|ScimError|TypeError|Error)$/

function speaks({ node }) {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false
  const { callee } = node
  const name = callee.type === 'MemberExpression' ? (callee.object.name ?? callee.property.name) : callee.name
  return SAYS.test(name ?? '')
}

const ignoreTexts = {
  shouldIgnore(path) {
    const isText = path.isStringLiteral() || path.isTemplateLiteral()
    if (isText && path.findParent(speaks)) return 'A text for people.'
    return undefined
  },
}

export const strykerPlugins = [{ kind: 'Ignore', name: 'texts', value: ignoreTexts }]
