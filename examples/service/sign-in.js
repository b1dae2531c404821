import { randomBytes } from 'node:crypto'
import express from 'express'

// A stand-in for the sign-in of a real application: visitors of the page choose their own name.
const PEOPLE = {
  ada: { id: 'ada', name: 'Ada, administrator of Acme', tenant: 'acme', goto: '/settings/scim/' },
  hank: { id: 'hank', name: 'Hank, administrator of Globex', tenant: 'globex', goto: '/settings/scim/' },
  sam: { id: 'sam', name: 'Sam, of your own staff', isStaff: true, goto: '/admin/scim/' },
}

const sessions = new Map()

/** Puts the person of the session on the request. */
export function session(request, _response, next) {
  const cookie = /(?:^|; )demo_session=([\w-]+)/.exec(request.headers.cookie ?? '')
  request.user = cookie ? sessions.get(cookie[1]) : undefined
  next()
}

export const home = express.Router()

home.get('/', (_request, response) => {
  const buttons = Object.values(PEOPLE).map(
    ({ id, name }) => `<p><button name="person" value="${id}">${name}</button></p>`,
  )
  response.type('html').send(
    `<!doctype html><html lang="en"><title>Demo</title><h1>Who are you?</h1>
<form method="post" action="/sign-in">${buttons.join('')}</form></html>`,
  )
})

home.post('/sign-in', express.urlencoded({ extended: false }), (request, response) => {
  const person = Object.hasOwn(PEOPLE, request.body?.person) ? PEOPLE[request.body.person] : undefined
  if (person === undefined) return void response.status(400).send('Nobody has this name.')
  const id = randomBytes(24).toString('base64url')
  sessions.set(id, person)
  response.cookie('demo_session', id, { httpOnly: true, sameSite: 'lax' }).redirect(303, person.goto)
})
