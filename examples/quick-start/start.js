// `npm start` is the quick start; `npm start -- --pages` is the service with pages.
await import(process.argv.includes('--pages') ? '../service/server.js' : './server.js')
