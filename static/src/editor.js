// What the editor for procedures needs besides app.js.
