// Express 4 stands beside Express 5 under another name. What the tests use of it has the same types.
declare module 'express4' {
  import express = require('express')
  export = express
}
