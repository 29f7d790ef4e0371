// The only way from the window to the main process: these functions, and nothing of Node or of Electron.
const { contextBridge, ipcRenderer } = require('electron');

const CALLS = ['signUp', 'signIn', 'list', 'save', 'search', 'ask', 'backUp', 'readBackup'];
const EVENTS = ['notes', 'answer'];

contextBridge.exposeInMainWorld('notes', {
  call: (name, value) =>
    CALLS.includes(name) ? ipcRenderer.invoke(`notes:${name}`, value) : Promise.reject(new Error('unknown call')),
  on: (name, listener) => {
    if (EVENTS.includes(name)) ipcRenderer.on(`notes:${name}`, (_event, value) => listener(value));
  },
});
