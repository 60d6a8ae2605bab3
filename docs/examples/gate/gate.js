// For nginx.conf beside this file: asks photoscan about an upload, then hands it to the website or says why not.

const DECIDED = [406, 409];       // block; review or incomplete
const NO_PHOTO = ['GET', 'HEAD', 'OPTIONS', 'DELETE'];  // whatever else comes, comes with one
const REFUSED = [400, 408, 413, 415, 422];  // no photo, or none that can be read

async function check(r) {
    if (NO_PHOTO.includes(r.method)) {
        r.internalRedirect('@website');
        return;
    }
    let reply;
    try {
        reply = await r.subrequest('/_photoscan', {method: 'POST'});
    } catch (error) {
        reply = {status: 502, responseText: ''};
    }
    if (reply.status === 204) {
        r.internalRedirect('@website');
        return;
    }
    if (DECIDED.includes(reply.status) || REFUSED.includes(reply.status)) {
        // The document says why, in the uploader's language.
        r.headersOut['Content-Type'] = 'application/json';
        r.headersOut['Cache-Control'] = 'no-store';
        r.return(422, reply.responseText);
        return;
    }
    // Nobody has looked: the service is full, starting or gone. With a wrong key or address nobody ever would, so that
    // passes nothing.
    const away = reply.status >= 500 || reply.status === 429;
    if (away && r.variables.photoscan_otherwise === 'open') {
        r.internalRedirect('@website');
        return;
    }
    r.headersOut['Retry-After'] = '5';
    r.return(503);
}

export default {check};
