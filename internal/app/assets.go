package app

import (
	"context"
	"io"
	"time"

	"sonata.ai/sonata/internal/asset"
	"sonata.ai/sonata/internal/asset/s3"
	"sonata.ai/sonata/internal/fault"
	"sonata.ai/sonata/server"
)

// checkWithin is how long a bucket may take to say at the start that it is there.
const checkWithin = 3 * time.Second

// openAssets opens the storage that the settings name. A bucket that does not answer is no reason not to start: what is
// published is served without it.
func (a *App) openAssets(ctx context.Context) (asset.Storage, error) {
	set := a.cfg.Assets
	if set.S3.Bucket == "" {
		return asset.OpenDisk(a.cfg.AssetsDir())
	}
	bucket, err := s3.New(s3.Options{
		Endpoint: set.S3.Endpoint, Secure: set.S3.Secure, Region: set.S3.Region, Bucket: set.S3.Bucket, Prefix: set.S3.Prefix,
		AccessKey: set.AccessKey, SecretKey: set.SecretKey,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, checkWithin)
	defer cancel()
	if err := bucket.Check(ctx); err != nil {
		a.log.Warn("pictures can be neither uploaded nor shown", "reason", fault.As(err).Message, "cause", fault.As(err).Unwrap())
	}
	return bucket, nil
}

// pictures is asset.Assets as the surface wants it: without storage rows.
type pictures struct{ *asset.Assets }

// Upload takes a picture in.
func (p pictures) Upload(ctx context.Context, frontend, name string, body io.Reader) (server.Uploaded, bool, error) {
	row, created, err := p.Assets.Upload(ctx, asset.UploadInput{Frontend: frontend, Name: name, Body: body})
	if err != nil {
		return server.Uploaded{}, false, err
	}
	return server.Uploaded{
		ID: row.ID, Hash: row.Hash, URL: asset.Path(row.Hash), Width: row.Width, Height: row.Height,
		Placeholder: row.Placeholder, Name: row.Name, ContentType: row.ContentType, Size: row.Size,
	}, created, nil
}
