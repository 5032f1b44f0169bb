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
  let drawnWith = null;
  let isWhole = false;
  const prototype = WebGL2RenderingContext.prototype;
  for (const [name, amount] of Object.entries(amountAt)) {
    const draw = prototype[name];
    prototype[name] = function counted(...values) {
      if (calls === 0) mark('bench-drawn');
      calls++;
      drawnWith = this;
      if (drawsNothing) values[amount] = 0;
      draw.apply(this, values);
    };
  }
  // A snapshot that others follow says how many are left before anything else, and so do they.
  const isLast = (text) => /^\{"type":"snapshot","seq":\d+,"scene"|^\{"type":"rest","seq":\d+,"left":0,/.test(text.slice(0, 60));
  const listen = Reflect.get(WebSocket.prototype, 'addEventListener');
  WebSocket.prototype.addEventListener = function marked(type, listener, ...rest) {
    const taken =
      type !== 'message'
        ? listener
        : (event) => {
            mark('bench-message');
            listener.call(this, event);
            isWhole ||= isLast(event.data);
          };
    return listen.call(this, type, taken, ...rest);
  };
  /** @returns when everything that was asked for is drawn, also in software: what is drawn is read */
  const drawn = () => {
    drawnWith.readPixels(0, 0, 1, 1, drawnWith.RGBA, drawnWith.UNSIGNED_BYTE, new Uint8Array(4));
    return performance.now();
  };
  const first = Promise.withResolvers();
  const whole = Promise.withResolvers();
  let [isFirstSeen, isWholeSeen] = [false, false];
  const next = () => {
    most = Math.max(most, calls);
    if (calls > 0 && !isFirstSeen && document.querySelector('.label.station.shown') !== null) {
      isFirstSeen = true;
      first.resolve(drawn());
    }
    if (calls > 0 && isFirstSeen && isWhole && !isWholeSeen) {
      isWholeSeen = true;
      whole.resolve(drawn());
    }
    calls = 0;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  const takeDrawCallsMax = () => {
    const taken = most;
    most = 0;
    return taken;
  };
  const drawNothing = (isOn) => {
    drawsNothing = isOn;
  };
  Object.assign(window, { bench: { firstPicture: first.promise, wholeCrowd: whole.promise, takeDrawCallsMax, drawNothing } });
})();
