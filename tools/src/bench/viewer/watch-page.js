// Runs in the page before everything else: counts draw calls, marks what draws and what takes a message, and tells when the first
// picture was there. On demand it lets the GPU draw nothing: every call is made, with nothing in it.
(() => {
  const mark = (name) => {
    performance.mark(name);
    // They are for the trace: kept, they would grow the heap that is measured.
    performance.clearMarks(name);
  };
  let calls = 0;
  let most = 0;
  let drawsNothing = false;
  // Where each call says how many vertices, or how many instances, there are.
  const amountAt = { drawElements: 1, drawArrays: 2, drawElementsInstanced: 4, drawArraysInstanced: 3 };
  const prototype = WebGL2RenderingContext.prototype;
  for (const [name, amount] of Object.entries(amountAt)) {
    const draw = prototype[name];
    prototype[name] = function counted(...values) {
      if (calls === 0) mark('bench-drawn');
      calls++;
      if (drawsNothing) values[amount] = 0;
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
  const drawNothing = (isOn) => {
    drawsNothing = isOn;
  };
  Object.assign(window, { bench: { firstPicture, takeDrawCallsMax, drawNothing } });
})();
