// node --import …/register.mjs app.js
import './register.cjs'
