// Runs in the page before everything else: counts draw calls, marks what draws and what takes a message, and tells when the first picture was there.
(() => {
  const mark = (name) => {
    performance.mark(name);
    // They are for the trace: kept, they would grow the heap that is measured.
    performance.clearMarks(name);
  };
  let calls = 0;
  let most = 0;
  const prototype = WebGL2RenderingContext.prototype;
  for (const name of ['drawElements', 'drawArrays', 'drawElementsInstanced', 'drawArraysInstanced']) {
    const draw = prototype[name];
    prototype[name] = function counted(...values) {
      if (calls === 0) mark('bench-drawn');
      calls++;
      draw.apply(this, values);
    };
  }
  const listen = Reflect.get(WebSocket.prototype, 'addEventListener');
  WebSocket.prototype.addEventListener = function marked(type, listener, ...rest) {
    const taken =
      type !== 'message'
        ? listener
        : (event) => {
            mark('bench-message');
            listener.call(this, event);
          };
    return listen.call(this, type, taken, ...rest);
  };
  const firstPicture = new Promise((resolve) => {
    const next = () => {
      most = Math.max(most, calls);
      if (calls > 0 && document.querySelector('.label.station.shown') !== null) resolve(performance.now());
      calls = 0;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const takeDrawCallsMax = () => {
    const taken = most;
    most = 0;
    return taken;
  };
  Object.assign(window, { bench: { firstPicture, takeDrawCallsMax } });
})();
