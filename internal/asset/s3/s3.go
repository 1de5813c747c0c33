// Package s3 keeps the pictures of the asset package in a bucket of any service that speaks the protocol of Amazon S3.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/canonical"
	"sonata.ai/sonata/internal/fault"
)

// Options name a bucket and who may use it.
type Options struct {
	Endpoint       string // host, with port when it is not the usual one
	Secure         bool   // https
	Region         string
	Bucket, Prefix string
	AccessKey      string
	SecretKey      string
}

// Bucket keeps pictures as <prefix>/<hash>/<file>. The whole picture is written last and removed first: where it is, all
// of them are.
type Bucket struct {
	client *minio.Client
	name   string
	prefix string // ends with a slash, or is ""
}

// answerWithin is how long the service may take to begin an answer.
const answerWithin = 20 * time.Second

// New returns the bucket. It asks nothing yet: a server that shows what is published starts without the pictures, too.
func New(o Options) (*Bucket, error) {
	transport, err := minio.DefaultTransport(o.Secure)
	if err != nil {
		return nil, fmt.Errorf("make transport: %w", err)
	}
	transport.ResponseHeaderTimeout = answerWithin
	client, err := minio.New(o.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(o.AccessKey, o.SecretKey, ""), Secure: o.Secure, Region: o.Region, Transport: transport, MaxRetries: 3,
	})
	if err != nil {
		return nil, fault.Invalidf("the endpoint for assets, %s, cannot be used: write scheme and host", o.Endpoint).Because(err)
	}
	b := &Bucket{client: client, name: o.Bucket}
	if o.Prefix != "" {
		b.prefix = strings.Trim(o.Prefix, "/") + "/"
	}
	return b, nil
}

// Check says why the bucket cannot be used, for the console. Fault: Unavailable.
func (b *Bucket) Check(ctx context.Context) error {
	there, err := b.client.BucketExists(ctx, b.name)
	switch {
	case err != nil:
		return fault.Unavailablef("the bucket %s for assets does not answer: check --assets and its keys", b.name).Because(err)
	case !there:
		return fault.Unavailablef("there is no bucket %s for assets: make it, or name another with --assets", b.name)
	}
	return nil
}

func (b *Bucket) folder(hash string) (string, error) {
	if !canonical.IsHash(hash) {
		return "", fmt.Errorf("%q is not a hash", hash)
	}
	return b.prefix + strings.TrimPrefix(hash, "sha256:") + "/", nil
}

// Put stores the files of a picture.
func (b *Bucket) Put(ctx context.Context, hash string, files []asset.File) error {
	folder, err := b.folder(hash)
	if err != nil {
		return err
	}
	_, err = b.client.StatObject(ctx, b.name, folder+asset.Whole, minio.StatObjectOptions{})
	if err == nil {
		return nil
	}
	if !isMissing(err) {
		return unavailable(err)
	}
	for _, f := range wholeLast(files) {
		_, err := b.client.PutObject(ctx, b.name, folder+f.Name, bytes.NewReader(f.Body), int64(len(f.Body)), minio.PutObjectOptions{
			ContentType: http.DetectContentType(f.Body), CacheControl: "public, max-age=31536000, immutable",
		})
		if err != nil {
			return unavailable(err)
		}
	}
	return nil
}

func wholeLast(files []asset.File) []asset.File {
	var ordered, whole []asset.File
	for _, f := range files {
		if f.Name == asset.Whole {
			whole = append(whole, f)
			continue
		}
		ordered = append(ordered, f)
	}
	return append(ordered, whole...)
}

// Open opens one file.
func (b *Bucket) Open(ctx context.Context, hash, name string) (io.ReadSeekCloser, error) {
	folder, err := b.folder(hash)
	if err != nil {
		return nil, err
	}
	object, err := b.client.GetObject(ctx, b.name, folder+path.Base(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, unavailable(err)
	}
	if _, err := object.Stat(); err != nil { // nothing was asked before
		err = errors.Join(err, object.Close())
		if isMissing(err) {
			return nil, fault.NotFoundf("there is no picture at this address")
		}
		return nil, unavailable(err)
	}
	return object, nil
}

// Delete removes all files of a picture.
func (b *Bucket) Delete(ctx context.Context, hash string) error {
	folder, err := b.folder(hash)
	if err != nil {
		return err
	}
	if err := b.client.RemoveObject(ctx, b.name, folder+asset.Whole, minio.RemoveObjectOptions{}); err != nil {
		return unavailable(err)
	}
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: folder, Recursive: true}) {
		if object.Err != nil {
			return unavailable(object.Err)
		}
		if err := b.client.RemoveObject(ctx, b.name, object.Key, minio.RemoveObjectOptions{}); err != nil {
			return unavailable(err)
		}
	}
	return nil
}

// ownerFile holds whose files these are.
const ownerFile = "owner"

// Owner reads the object owner, or writes it.
func (b *Bucket) Owner(ctx context.Context, name string) (string, error) {
	object, err := b.client.GetObject(ctx, b.name, b.prefix+ownerFile, minio.GetObjectOptions{})
	if err != nil {
		return "", unavailable(err)
	}
	defer object.Close() // only read
	raw, err := io.ReadAll(object)
	switch {
	case err == nil:
		return string(raw), nil
	case !isMissing(err):
		return "", unavailable(err)
	}
	_, err = b.client.PutObject(ctx, b.name, b.prefix+ownerFile, strings.NewReader(name), int64(len(name)), minio.PutObjectOptions{ContentType: "text/plain"})
	if err != nil {
		return "", unavailable(err)
	}
	return name, nil
}

// List calls fn once for each picture, with the time of the file that is listed first.
func (b *Bucket) List(ctx context.Context, fn func(hash string, stored time.Time) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the listing when fn does
	last := ""
	for object := range b.client.ListObjects(ctx, b.name, minio.ListObjectsOptions{Prefix: b.prefix, Recursive: true}) {
		if object.Err != nil {
			return unavailable(object.Err)
		}
		hex, _, _ := strings.Cut(strings.TrimPrefix(object.Key, b.prefix), "/")
		hash := "sha256:" + hex
		if hash == last || !canonical.IsHash(hash) {
			continue
		}
		last = hash
		if err := fn(hash, object.LastModified); err != nil {
			return err
		}
	}
	return nil
}

func isMissing(err error) bool {
	var response minio.ErrorResponse
	return errors.As(err, &response) && (response.Code == minio.NoSuchKey || response.StatusCode == http.StatusNotFound)
}

// unavailable hides where the bucket is from whoever asked for a picture.
func unavailable(err error) error {
	return fault.Unavailablef("the storage of pictures does not answer: try again in a moment").Because(err)
}
