package handlers

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"usher/paywall"
)

// uploadTime is how long the body of an upload may take, which is longer than
// that of any other form: a phone sends eight megabytes.
const uploadTime = 60 * time.Second

// uploadAnswer is how long the work after an upload and the answer may take: what
// the server gives to other requests.
const uploadAnswer = 30 * time.Second

// postedFile reads a posted HTML form with one file of at most that many bytes,
// in the field of that name, and its other fields. The file's own name and type
// are ignored. A larger file is refused as tooLarge says; the other fields come
// all the same, unless the form was too large to be read to its end.
func postedFile(c echo.Context, field string, most int64, tooLarge error) (url.Values, []byte, error) {
	r := c.Request()
	mediaType, _, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	if err != nil || mediaType != echo.MIMEMultipartForm {
		return nil, nil, echo.NewHTTPError(http.StatusUnsupportedMediaType)
	}
	// A server without deadlines, as in tests, cannot set one. The time for the
	// answer would run out meanwhile.
	connection, end := http.NewResponseController(c.Response()), time.Now().Add(uploadTime)
	_ = connection.SetReadDeadline(end)
	_ = connection.SetWriteDeadline(end.Add(uploadAnswer))
	r.Body = http.MaxBytesReader(c.Response(), r.Body, patience*most+largeForm)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	values, file, err := readParts(form, field, most)
	renewDeadline(c)
	if exceeded := (*http.MaxBytesError)(nil); errors.As(err, &exceeded) || errors.Is(err, errTooLarge) {
		return values, nil, tooLarge
	}
	if err != nil {
		return nil, nil, echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	return values, file, nil
}

// renewDeadline gives the work after an upload the time that any request has.
func renewDeadline(c echo.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), requestDeadline)
	c.Response().After(cancel)
	c.SetRequest(c.Request().WithContext(ctx))
}

// patience is how many times too large a file may be and is still read past, so
// that what was typed beside it is not lost.
const patience = 4

var errTooLarge = errors.New("handlers: a part of a form is too large")

// mostParts bounds the fields of a form with a file.
const mostParts = 50

// readParts reads a form. Of one whose file is too large it answers the fields
// with errTooLarge.
func readParts(form *multipart.Reader, field string, most int64) (url.Values, []byte, error) {
	values, room := url.Values{}, int64(largeForm)
	var file []byte
	var refused error
	for range mostParts {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return values, file, refused
		}
		if err != nil {
			return nil, nil, err
		}
		if part.FormName() == field {
			if file, err = readPart(part, most); errors.Is(err, errTooLarge) {
				file, refused = nil, err // NextPart reads past the rest of it
			} else if err != nil {
				return nil, nil, err
			}
			continue
		}
		text, err := readPart(part, room)
		if err != nil {
			return nil, nil, err
		}
		room -= int64(len(text))
		values.Add(part.FormName(), string(text))
	}
	return nil, nil, errTooLarge
}

func readPart(part io.Reader, most int64) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(part, most+1))
	if int64(len(content)) > most {
		return nil, errTooLarge
	}
	return content, err
}

// postedPicture is the file of a form that uploads a picture, in the field
// "picture"; none is an empty one.
func postedPicture(c echo.Context) (url.Values, []byte, error) {
	return postedFile(c, "picture", paywall.MaxUpload, refusedFields(map[string]string{"picture": "picture.error.size"}))
}
